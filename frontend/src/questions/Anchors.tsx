import type { QuestionText } from "@/i18n/questionText";

import styles from "./Anchors.module.css";
import { optionOf, type Question } from "./kind";

/** The words at a point of the scale, if it has any. */
export function anchorAt(question: Question, text: QuestionText, value: number): string | undefined {
  const option = question.options.find(({ id }) => id === `${value}`);
  return option && text.flag(optionOf(question, option.id));
}

interface Props {
  question: Question;
  text: QuestionText;
  /** The point that is chosen: its words stand out. */
  chosen: number | null;
}

/** What the points of a scale mean, in words. */
export function Anchors({ question, text, chosen }: Props) {
  if (question.options.length === 0) return null;
  return (
    <ul className={styles.anchors}>
      {question.options.map((option) => (
        <li key={option.id} data-chosen={option.id === `${chosen}`}>
          <b>{option.id}</b> {text.flag(option)}
        </li>
      ))}
    </ul>
  );
}
