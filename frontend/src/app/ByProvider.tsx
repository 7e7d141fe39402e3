import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useErrorText } from "@/api/errorText";
import { leaveForProvider } from "@/api/queries";
import { useReason } from "@/i18n/reason";
import { Button } from "@/ui/Button";

import styles from "./ByProvider.module.css";
import { Problem } from "./Form";

interface Props {
  name: string;
  then: string;
  /** Why the provider's last answer let nobody in: a code. */
  refused: string | null;
  /** Another way in follows. */
  divided: boolean;
}

/** The way in by the organisation's own sign-in. */
export function ByProvider({ name, then, refused, divided }: Props) {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const reason = useReason();
  const leave = useMutation({ mutationFn: () => leaveForProvider(then) });
  const told = (code: string) =>
    reason({ code, params: {}, message: t("errors.other", { code }) });
  // The page stays as it is until the provider's has come.
  const busy = leave.isPending || leave.isSuccess;
  return (
    <div className={styles.way}>
      <Problem>
        {leave.error ? text(leave.error) : refused === null || busy ? null : told(refused)}
      </Problem>
      <Button look="primary" disabled={busy} onClick={() => leave.mutate()} autoFocus>
        {busy ? t("sign_in.leaving") : t("sign_in.by_provider", { name })}
      </Button>
      {divided && <p className={styles.or}>{t("sign_in.or")}</p>}
    </div>
  );
}
