import { useTranslation } from "react-i18next";

import type { ReviewedAnnotation } from "@/api/types";

import { type Command, KEY_CAPS } from "./commands";
import { Reason } from "./Reason";
import styles from "./review.module.css";
import { isComplete, type ReviewSession } from "./session";

interface Props {
  session: ReviewSession;
  annotation: ReviewedAnnotation | undefined;
  /** Whether the item's answers hold marked points: other quick reasons fit. */
  withMarks: boolean;
  sending: boolean;
  onCommand: (command: Command) => void;
  onReject: (reason: string) => void;
}

/** The verdict on the chosen annotation, and what sends them all. */
export function Verdicts(props: Props) {
  const { t } = useTranslation("review");
  const { session, annotation, withMarks, sending, onCommand, onReject } = props;
  if (!annotation) return null;
  const decision = session.decisions[annotation.id];
  const rejected = decision?.verdict === "reject" ? decision.reason : annotation.reason;
  return (
    <div className={styles.verdicts}>
      <p className={styles.verdictTitle}>{t("verdict.of", { name: annotation.annotator })}</p>
      {session.asking ? (
        <Reason
          key={annotation.id}
          name={annotation.annotator}
          withMarks={withMarks}
          tooShort={session.complaint === "short_reason"}
          onReject={onReject}
          onCancel={() => onCommand({ kind: "cancel" })}
        />
      ) : (
        <>
          <div className={styles.buttons}>
            <Key command={{ kind: "accept" }} label={t("verdict.accept")} look="good" {...props} />
            <Key command={{ kind: "ask_reason" }} label={t("verdict.reject")} look="bad" {...props} />
            {decision && <Key command={{ kind: "clear" }} label={t("verdict.clear")} {...props} />}
          </div>
          {rejected !== "" && <p className={styles.reasonGiven}>“{rejected}”</p>}
        </>
      )}
      <div className={styles.send}>
        <Key command={{ kind: "accept_all" }} label={t("verdict.accept_all")} {...props} />
        <Key
          command={{ kind: "submit" }}
          label={sending ? t("verdict.sending") : t("verdict.submit")}
          {...props}
          {...(isComplete(session) ? { look: "main" as const } : {})}
        />
      </div>
      <p className={styles.complaint} role="alert">
        {session.complaint === "undecided" && t("complaints.undecided")}
      </p>
    </div>
  );
}

interface KeyProps {
  command: Command;
  label: string;
  look?: "good" | "bad" | "main";
  sending: boolean;
  onCommand: (command: Command) => void;
}

/** A button that names its key. A click leaves the focus where it was, so keys go on working. */
function Key({ command, label, look, sending, onCommand }: KeyProps) {
  return (
    <button
      type="button"
      className={styles.key}
      data-look={look}
      disabled={sending}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onCommand(command)}
    >
      {label}
      <kbd>{KEY_CAPS[command.kind]}</kbd>
    </button>
  );
}
