import { useTranslation } from "react-i18next";

import { ratingsOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { stepsFor } from "@/annotate/state";
import type { Letter, Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

/** A row of numbers for the item's one image, or for each of several. */
export function Rating({ question }: { question: Question }) {
  const { open } = useItemView();
  const { order } = open.assignment.shown;
  const ratings = ratingsOf(open.answers, question.id);
  const said = order.map((letter) => ratings[letter] ?? "–").join(" · ");
  if (order.length === 1) {
    return (
      <Row inline question={question}>
        <Scale question={question} letter={order[0] ?? ""} />
      </Row>
    );
  }
  const { focus } = open;
  return (
    <Row question={question} said={said}>
      <RatedLetter question={question} focus={focus} />
    </Row>
  );
}

/** Of several images, the scale of the one in focus; the others are in the heading. */
function RatedLetter({ question, focus }: { question: Question; focus: number }) {
  const { t } = useTranslation("annotate");
  const { session, open } = useItemView();
  const here = stepsFor(session, open)[focus];
  if (here?.question.id !== question.id || here.letter === null) return null;
  const place = open.assignment.shown.order.indexOf(here.letter) + 1;
  return (
    <div className={styles.rated}>
      <span className={styles.place}>{t("rating.image", { place })}</span>
      <Scale question={question} letter={here.letter} />
    </div>
  );
}

function Scale({ question, letter }: { question: Question; letter: Letter }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch, text } = useItemView();
  const { min, max } = question.scale ?? { min: 1, max: 5 };
  const rated = ratingsOf(open.answers, question.id)[letter];
  const index = stepsFor(session, open).findIndex(
    (step) => step.question.id === question.id && step.letter === letter,
  );
  const values = Array.from({ length: max - min + 1 }, (_, offset) => min + offset);
  return (
    <div className={styles.scale} role="group" aria-label={text.title(question)}>
      {values.map((value) => (
        <DeskButton
          key={value}
          className={styles.number}
          chosen={rated === value}
          disabled={!open.armed}
          aria-label={t("rating.of", { question: text.title(question), value })}
          onClick={() => {
            dispatch({ type: "focus", index });
            dispatch({ type: "rate", value });
          }}
        >
          {value}
        </DeskButton>
      ))}
    </div>
  );
}
