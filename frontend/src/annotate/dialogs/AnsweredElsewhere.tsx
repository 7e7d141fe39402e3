import { useTranslation } from "@/i18n/useTranslation";

import type { Outbox } from "@/annotate/outbox/outbox";
import type { Waiting } from "@/annotate/outbox/store";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText } from "@/ui/desk/Dialog";

import styles from "./AnsweredElsewhere.module.css";
import { RecentLine } from "./RecentLine";

/** Another window of the same person answered the item first: which answer is to stand? */
export function AnsweredElsewhere({ answer, outbox }: { answer: Waiting; outbox: Outbox }) {
  const { t } = useTranslation("annotate");
  const { assignment } = answer;
  return (
    <Dialog title={t("elsewhere.title")} onClose={null}>
      <DialogText>{t("elsewhere.text")}</DialogText>
      <ul className={styles.answer}>
        <RecentLine answer={answer} state={t("elsewhere.from_here")} mood="waiting" />
      </ul>
      <div className={styles.foot}>
        <Button onClick={() => void outbox.replaceOther(assignment)}>{t("elsewhere.replace")}</Button>
        <Button look="go" onClick={() => void outbox.keepOther(assignment)}>
          {t("elsewhere.keep")}
        </Button>
      </div>
    </Dialog>
  );
}
