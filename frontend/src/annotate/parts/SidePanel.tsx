import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import { QuestionRow } from "@/annotate/questions/QuestionRow";

import { Notices } from "./Notices";
import styles from "./parts.module.css";
import { Prompt } from "./Prompt";
import { SendBar } from "./SendBar";

/** Beside the image: the prompt, every question, and the sending. */
export function SidePanel() {
  const { t } = useTranslation("annotate");
  const { session } = useItemView();
  return (
    <section className={styles.sidePanel} aria-label={t("steps")}>
      <Prompt />
      <div className={styles.questions}>
        {session.questions.map((question) => (
          <QuestionRow key={question.id} question={question} />
        ))}
      </div>
      <Notices />
      <SendBar />
    </section>
  );
}
