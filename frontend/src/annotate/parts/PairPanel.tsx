import { useTranslation } from "react-i18next";

import { choiceOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { ChoiceBar, shownChoice } from "@/annotate/questions/Preference";
import type { Question } from "@/api/types";

import { Notices } from "./Notices";
import styles from "./parts.module.css";
import { SendBar } from "./SendBar";

/** Under two images: the dimensions in a row, and the answers to the one in hand. */
export function PairPanel() {
  const { t } = useTranslation("annotate");
  const { session, open, text } = useItemView();
  const question = session.questions[open.focus];
  if (!question) return null;
  return (
    <section className={styles.pairPanel}>
      <Notices />
      <ol className={styles.dimensions} aria-label={t("steps")}>
        {session.questions.map((one, index) => (
          <Dimension key={one.id} question={one} index={index} />
        ))}
      </ol>
      <p className={styles.dimensionHelp} aria-live="polite">
        <span className="visually-hidden">{text.title(question)}. </span>
        {text.help(question)}
      </p>
      <ChoiceBar question={question} />
      {open.before && <SendBar />}
    </section>
  );
}

function Dimension({ question, index }: { question: Question; index: number }) {
  const { t } = useTranslation("annotate");
  const { open, text, dispatch } = useItemView();
  const choice = shownChoice(choiceOf(open.answers, question.id), open.assignment.shown.order);
  const focused = open.focus === index;
  return (
    <li>
      <button
        type="button"
        className={styles.dimension}
        data-focused={focused || undefined}
        data-done={choice !== null || undefined}
        aria-current={focused ? "step" : undefined}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => dispatch({ type: "focus", index })}
      >
        <span>{text.title(question)}</span>
        <small>{choice === null ? "–" : t(`choice.${choice}`)}</small>
      </button>
    </li>
  );
}
