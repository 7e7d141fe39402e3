import { useTranslation } from "@/i18n/useTranslation";

import { Button, buttonClass } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { Message } from "@/ui/Message";

/** A page whose code threw: a fault of ours, or a chunk that a newer release replaced. */
export function ErrorPage() {
  const { t } = useTranslation("app");
  return (
    <Message title={t("broken.title")} text={t("broken.text")}>
      <Button look="primary" onClick={() => window.location.reload()}>
        {t("broken.reload")}
      </Button>
      <a className={buttonClass()} href="/">
        {t("home")}
      </a>
    </Message>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation("app");
  return (
    <Message title={t("not_found.title")} text={t("not_found.text")}>
      <Link className={buttonClass("primary")} to="/">
        {t("home")}
      </Link>
    </Message>
  );
}
