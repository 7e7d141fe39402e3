import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import { KINDS } from "@/questions/registry";
import { focusedStep } from "@/questions/steps";

import { ItemPrompt } from "./ItemPrompt";
import { Notices } from "./Notices";
import { QuestionRow } from "./QuestionRow";
import { SendBar } from "./SendBar";
import styles from "./SidePanel.module.css";

/** Beside the image: the prompt, every question, and the sending. */
export function SidePanel() {
  const steps = useTranslation("annotate").t("steps");
  const { t } = useTranslation("questions");
  const { open, text } = useItemView();
  const question = focusedStep(open)?.question;
  const help = question && [text.help(question), KINDS[question.type].hint?.(t)];
  return (
    <section className={styles.panel} aria-label={steps}>
      <div className={styles.prompt}>
        <ItemPrompt />
      </div>
      <div className={styles.questions}>
        {open.questions.map((one) => (
          <QuestionRow key={one.id} question={one} />
        ))}
      </div>
      <p className={styles.help} aria-live="polite">
        {help?.filter(Boolean).join(" ")}
      </p>
      <Notices />
      <div className={styles.send}>
        <SendBar />
      </div>
    </section>
  );
}
