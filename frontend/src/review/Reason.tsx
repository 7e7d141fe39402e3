import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { Cap } from "@/ui/desk/KeyCap";

import { quickReason } from "./commands";
import styles from "./Reason.module.css";
import type { RejectionCode } from "./session";

const FOR_MARKS = ["careless", "missed", "false_marks", "prompt", "contradiction", "guideline"] as const;
const FOR_CHOICES = ["careless", "wrong_choice", "prompt", "contradiction", "guideline"] as const;

interface Props {
  name: string;
  withMarks: boolean;
  tooShort: boolean;
  onReject: (reason: string, code?: RejectionCode) => void;
  onCancel: () => void;
}

/** Asks why: a number takes a ready reason, anything else is written. */
export function Reason({ name, withMarks, tooShort, onReject, onCancel }: Props) {
  const { t } = useTranslation("review");
  const [written, setWritten] = useState("");
  const ready = (withMarks ? FOR_MARKS : FOR_CHOICES).map((code) => ({
    code,
    reason: t(`reason.quick.${code}`),
  }));

  const onKeyDown = (event: KeyboardEvent) => {
    // The field has its own keys; the page's must not see them.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const quick = quickReason(event, written, ready.length);
    if (quick !== null) {
      event.preventDefault();
      const chosen = ready[quick];
      if (chosen) onReject(chosen.reason, chosen.code);
    } else if (event.key === "Enter") {
      event.preventDefault();
      onReject(written);
    } else if (event.key === "Escape") {
      onCancel();
    }
  };

  return (
    <div className={styles.reason} onKeyDown={onKeyDown}>
      <label className={styles.label} htmlFor="reason">
        {t("reason.title", { name })}
      </label>
      <ol className={styles.quick}>
        {ready.map(({ code, reason }, index) => (
          <li key={code}>
            <button
              type="button"
              className={styles.quickReason}
              onClick={() => onReject(reason, code)}
            >
              <Cap>{index + 1}</Cap>
              {reason}
            </button>
          </li>
        ))}
      </ol>
      <div className={styles.row}>
        <input
          id="reason"
          className={styles.field}
          value={written}
          maxLength={2000}
          placeholder={t("reason.placeholder")}
          aria-invalid={tooShort || undefined}
          autoFocus
          onChange={(event) => setWritten(event.target.value)}
        />
        <Button look="bad" command="submit" cap="after" onClick={() => onReject(written)}>
          {t("reason.reject")}
        </Button>
      </div>
      <p className={styles.hint}>{tooShort ? t("complaints.short_reason") : t("reason.hint")}</p>
    </div>
  );
}
