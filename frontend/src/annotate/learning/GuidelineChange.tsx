import { lazy, Suspense } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText } from "@/ui/desk/Dialog";

import styles from "./GuidelineChange.module.css";
import type { GuidelineNow } from "./useGuideline";

const Difference = lazy(() => import("./Difference"));

/** What is new in the guideline, once, until it is said to be read. */
export function GuidelineChange({ guideline }: { guideline: GuidelineNow }) {
  const { t } = useTranslation("learning");
  const text = useErrorText();
  const { news, acknowledge, acknowledging, failure } = guideline;
  if (news === null) return null;
  return (
    <Dialog wide title={t("changed.title")} onClose={null}>
      <DialogText>{t("changed.text")}</DialogText>
      <div className={styles.text} tabIndex={0} role="region" aria-label={t("changed.title")}>
        <Suspense fallback={guideline.text}>
          <Difference before={news} after={guideline.text} />
        </Suspense>
      </div>
      {failure !== null && (
        <p className={styles.problem} role="alert">
          {t("changed.failed", { message: text(failure) })}
        </p>
      )}
      <div className={styles.foot}>
        <Button look="go" disabled={acknowledging} onClick={acknowledge}>
          {t("changed.read")}
        </Button>
      </div>
    </Dialog>
  );
}
