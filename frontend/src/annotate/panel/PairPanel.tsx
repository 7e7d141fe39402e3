import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import type { Question } from "@/questions/kind";
import { KINDS } from "@/questions/registry";
import { keepFocus } from "@/ui/desk/Button";

import { Notices } from "./Notices";
import styles from "./PairPanel.module.css";
import { SendBar } from "./SendBar";
import { useRowProps } from "./useRowProps";

/** Under two images: the questions in a row, and the answers to the one in focus. */
export function PairPanel() {
  const { t } = useTranslation("annotate");
  const { open, text } = useItemView();
  const question = open.questions[open.focus];
  if (!question) return null;
  return (
    <section className={styles.panel}>
      <div className={styles.notices}>
        <Notices />
      </div>
      <ol className={styles.questions} aria-label={t("steps")}>
        {open.questions.map((one) => (
          <QuestionTab key={one.id} question={one} />
        ))}
      </ol>
      <div className={`${styles.line} ${open.before ? styles.changing : ""}`}>
        <p className={styles.help} aria-live="polite">
          <span className="visually-hidden">{text.title(question)}. </span>
          {text.help(question)}
        </p>
        {open.before && <SendBar />}
      </div>
      <AnswerBar question={question} />
    </section>
  );
}

function AnswerBar({ question }: { question: Question }) {
  const props = useRowProps(question);
  const Bar = KINDS[question.type].pair?.Bar;
  return <div className={styles.answers}>{Bar && <Bar {...props} />}</div>;
}

function QuestionTab({ question }: { question: Question }) {
  const { text } = useItemView();
  const props = useRowProps(question);
  const Brief = KINDS[question.type].pair?.Brief;
  const { focused, answer, focus } = props;
  return (
    <li>
      <button
        type="button"
        className={styles.tab}
        data-focused={focused || undefined}
        data-done={answer !== null || undefined}
        aria-current={focused ? "step" : undefined}
        onPointerDown={keepFocus}
        onClick={focus}
      >
        <span>{text.title(question)}</span>
        <small>{Brief && <Brief {...props} />}</small>
      </button>
    </li>
  );
}
