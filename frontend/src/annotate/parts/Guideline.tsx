import { useTranslation } from "react-i18next";

import { useDeskView } from "@/annotate/context";
import { focusedStep } from "@/annotate/state";

import styles from "./parts.module.css";

/** What the manager wrote, and what the question in focus means, beside the images. */
export function Guideline({ text }: { text: string }) {
  const { t } = useTranslation("annotate");
  const view = useDeskView();
  const question = focusedStep(view.session)?.question;
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== "");
  return (
    <aside className={styles.guideline} aria-label={t("guideline.title")}>
      {question && (
        <section className={styles.guidelineNow}>
          <h2>{view.text.title(question)}</h2>
          <p>{view.text.guide(question)}</p>
        </section>
      )}
      <h2>{t("guideline.title")}</h2>
      {paragraphs.length === 0 && <p className={styles.hintText}>{t("guideline.none")}</p>}
      {paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
    </aside>
  );
}
