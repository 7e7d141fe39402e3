import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import { QuestionRow } from "@/annotate/questions/QuestionRow";
import { focusedStep } from "@/annotate/state";

import { Notices } from "./Notices";
import styles from "./parts.module.css";
import { Prompt } from "./Prompt";
import { SendBar } from "./SendBar";

/** Beside the image: the prompt, every question, and the sending. */
export function SidePanel() {
  const { t } = useTranslation("annotate");
  const { session, text } = useItemView();
  const question = focusedStep(session)?.question;
  const how = question?.type === "marks" || question?.type === "words" ? question.type : null;
  const help = question && [text.help(question), how && t(`${how}.hint`)].filter(Boolean).join(" ");
  return (
    <section className={styles.sidePanel} aria-label={t("steps")}>
      <Prompt />
      <div className={styles.questions}>
        {session.questions.map((question) => (
          <QuestionRow key={question.id} question={question} />
        ))}
      </div>
      <p className={styles.focusHelp} aria-live="polite">
        {help}
      </p>
      <Notices />
      <SendBar />
    </section>
  );
}
