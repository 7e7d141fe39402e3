import { useTranslation } from "@/i18n/useTranslation";

import { useDeskView } from "@/annotate/context";
import { focusedStep } from "@/questions/steps";
import { Guideline } from "@/ui/desk/Guideline";

import styles from "./DeskGuideline.module.css";

/** The guideline, under what the question in focus means. */
export function DeskGuideline({ text }: { text: string }) {
  const { t } = useTranslation("annotate");
  const view = useDeskView();
  const { open } = view.session;
  const question = open && focusedStep(open)?.question;
  return (
    <Guideline
      title={t("guideline.title")}
      text={text}
      none={t("guideline.none")}
      about={question ? [question.id, question.title, view.text.title(question)].filter(Boolean) : []}
    >
      {question && (
        <section className={styles.question}>
          <h2>{view.text.title(question)}</h2>
          <p>{view.text.guide(question)}</p>
        </section>
      )}
    </Guideline>
  );
}
