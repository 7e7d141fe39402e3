import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { useDeskView } from "@/annotate/context";

import { Dialog } from "./Dialog";
import styles from "./parts.module.css";

const REASONS = ["skip", "broken", "offensive", "other"] as const;

export function SkipDialog() {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();

  useEffect(() => {
    const choose = (event: KeyboardEvent) => {
      const reason = REASONS[Number(/^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]) - 1];
      if (!reason || event.repeat) return;
      event.preventDefault();
      dispatch({ type: "skip", reason });
    };
    window.addEventListener("keydown", choose);
    return () => window.removeEventListener("keydown", choose);
  }, [dispatch]);

  return (
    <Dialog title={t("skip.title")} onClose={() => dispatch({ type: "dialog", dialog: null })}>
      <p className={styles.dialogText}>{t("skip.text")}</p>
      <div className={styles.reasons}>
        {REASONS.map((reason, index) => (
          <button
            key={reason}
            type="button"
            className={`${styles.button} ${styles.plain}`}
            onClick={() => dispatch({ type: "skip", reason })}
          >
            <kbd className={styles.cap} aria-hidden="true">
              {index + 1}
            </kbd>
            <span className={styles.buttonText}>{t(`skip.${reason}`)}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
