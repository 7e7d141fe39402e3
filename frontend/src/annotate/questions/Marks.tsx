import { useTranslation } from "react-i18next";

import { marksOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { KeyCap } from "@/annotate/parts/KeyCap";
import { activeMarks, focusedStep } from "@/annotate/state";
import type { Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

/** Which of the two kinds of flaws a marks question is: how its marks look. */
export function lookOf(questions: readonly Question[], id: string): "first" | "second" {
  const marks = questions.filter((question) => question.type === "marks");
  return marks.findIndex((question) => question.id === id) === 1 ? "second" : "first";
}

export function Marks({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch, text } = useItemView();
  const said = marksOf(open.answers, question.id);
  const count = Object.values(said).flat().length;
  const isNone = count === 0 && Object.keys(said).length > 0;
  const active = activeMarks(session)?.id === question.id;
  const focused = focusedStep(session)?.question.id === question.id;
  const kind = session.questions.filter(({ type }) => type === "marks").indexOf(question);
  const inHand = open.selected?.question === question.id;

  return (
    <Row
      inline
      question={question}
      sign={
        <span className={styles.sign} data-active={active || undefined}>
          <KeyCap name="flaw" value={kind} />
          <span className={`${styles.swatch} ${styles[lookOf(session.questions, question.id)]}`} />
        </span>
      }
      said={count > 0 ? t("marks.count", { count }) : undefined}
    >
      {inHand && (
        <DeskButton
          look="quiet"
          {...(focused ? { command: "remove_mark" } : {})}
          aria-label={t("marks.remove")}
          onClick={() => dispatch({ type: "mark_remove" })}
        >
          {t("marks.remove_short")}
        </DeskButton>
      )}
      {count === 0 && (
        <DeskButton
          {...(focused ? { command: "no_flaw" } : {})}
          chosen={isNone}
          disabled={!open.armed}
          aria-label={`${t("marks.no_flaw")}: ${text.title(question)}`}
          onClick={() => {
            dispatch({ type: "focus_question", question: question.id });
            dispatch({ type: "none" });
          }}
        >
          {t("marks.no_flaw")}
        </DeskButton>
      )}
      <MarksInWords question={question} />
    </Row>
  );
}

/** The marks as text, for people who don't see them. */
function MarksInWords({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { open } = useItemView();
  const marks = Object.values(marksOf(open.answers, question.id)).flat();
  if (marks.length === 0) return null;
  return (
    <ol className="visually-hidden" aria-label={t("marks.list")} aria-live="polite">
      {marks.map(({ x, y }, index) => (
        <li key={index}>{t("marks.at", { x: Math.round(x * 100), y: Math.round(y * 100) })}</li>
      ))}
    </ol>
  );
}
