import { useTranslation } from "@/i18n/useTranslation";

import { Button, type Look } from "@/ui/desk/Button";

import { type Action, COMMANDS, type CommandName } from "./commands";
import type { ReviewedAnnotation } from "./queries";
import { Reason } from "./Reason";
import { isComplete, type RejectionCode, type ReviewSession } from "./session";
import styles from "./VerdictPanel.module.css";

interface Props {
  session: ReviewSession;
  annotation: ReviewedAnnotation | undefined;
  /** Whether the item's answers hold marks: other quick reasons fit. */
  withMarks: boolean;
  sending: boolean;
  onAction: (action: Action) => void;
  onReject: (reason: string, code?: RejectionCode) => void;
}

/** The verdict on the chosen annotation, and what sends them all. */
export function VerdictPanel(props: Props) {
  const { t } = useTranslation("review");
  const { session, annotation, withMarks, sending, onAction, onReject } = props;
  if (!annotation) return null;
  const given = session.given[annotation.id];
  const rejected = given?.verdict === "reject" ? given.reason : annotation.reason;
  const button = (command: CommandName, label: string, look: Look = "plain") => (
    <Button
      command={command}
      cap="after"
      look={look}
      disabled={sending}
      onClick={() => run(command, onAction)}
    >
      {label}
    </Button>
  );
  return (
    <div className={styles.panel}>
      <p className={styles.title}>{t("verdict.of", { name: annotation.annotator })}</p>
      {session.asking ? (
        <Reason
          key={annotation.id}
          name={annotation.annotator}
          withMarks={withMarks}
          tooShort={session.complaint === "short_reason"}
          onReject={onReject}
          onCancel={() => onAction({ kind: "cancel" })}
        />
      ) : (
        <>
          <div className={styles.buttons}>
            {button("accept", t("verdict.accept"), "good")}
            {button("ask_reason", t("verdict.reject"), "bad")}
            {given && button("clear", t("verdict.clear"))}
            {given?.verdict === "reject" && button("correct", t("own.correct"))}
            {button("unsure", t("verdict.unsure"))}
          </div>
          {rejected !== "" && <p className={styles.reason}>“{rejected}”</p>}
          {given?.answers && <p className={styles.own}>{t("own.corrected")}</p>}
        </>
      )}
      <div className={styles.send}>
        {button("accept_all", t("verdict.accept_all"))}
        {button(
          "submit",
          sending ? t("verdict.sending") : t("verdict.submit"),
          isComplete(session) ? "go" : "plain",
        )}
      </div>
      <p className={styles.complaint} role="alert">
        {session.complaint === "undecided" && t("complaints.undecided")}
      </p>
    </div>
  );
}

/** A button does what the key of its command does. */
function run(name: CommandName, onAction: (action: Action) => void): void {
  const command = COMMANDS.find((one) => one.name === name);
  if (command) onAction(command.event);
}
