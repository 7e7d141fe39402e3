import { useTranslation } from "react-i18next";

import { flagsOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { focusedStep, stepsFor } from "@/annotate/state";
import type { Letter, Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

/** What is the matter with an image: of each one in turn, or of the one that was picked. */
export function Flags({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open } = useItemView();
  const here = focusedStep(session);
  const focused = here?.question.id === question.id;
  const steps = stepsFor(session, open).filter((step) => step.question.id === question.id);
  const letter = focused ? here.letter : question.about ? (steps[0]?.letter ?? null) : null;
  const all = flagsOf(open.answers, question.id);
  const { order } = open.assignment.shown;
  const said = question.about
    ? undefined
    : order.map((one) => (all[one] ? all[one].length : "–")).join(" · ");
  return (
    <Row question={question} said={said}>
      {question.about && letter === null && (
        <p className={styles.hint}>{t("flags.pick_first")}</p>
      )}
      {letter !== null && (
        <div className={styles.rated}>
          <span className={styles.place}>
            {t("rating.image", { place: order.indexOf(letter) + 1 })}
          </span>
          <Options question={question} letter={letter} focused={focused} />
        </div>
      )}
    </Row>
  );
}

function Options({
  question,
  letter,
  focused,
}: {
  question: Question;
  letter: Letter;
  focused: boolean;
}) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch, text } = useItemView();
  const flags = flagsOf(open.answers, question.id)[letter];
  const index = stepsFor(session, open).findIndex(
    (step) => step.question.id === question.id && step.letter === letter,
  );
  return (
    <div className={`${styles.options} ${styles.small}`}>
      {question.options.map((option, place) => (
        <DeskButton
          key={option.id}
          {...(focused ? { command: "flag", value: place + 1 } : {})}
          chosen={flags?.includes(option.id) ?? false}
          disabled={!open.armed}
          onClick={() => {
            dispatch({ type: "focus", index });
            dispatch({ type: "flag", index: place });
          }}
        >
          {question.options.length === 1 ? t("flags.yes") : text.flag(option)}
        </DeskButton>
      ))}
      <DeskButton
        {...(focused ? { command: "no_flag" } : {})}
        chosen={flags?.length === 0}
        disabled={!open.armed}
        onClick={() => {
          dispatch({ type: "focus", index });
          dispatch({ type: "none" });
        }}
      >
        {question.options.length === 1 ? t("flags.no") : t("flags.none")}
      </DeskButton>
    </div>
  );
}
