import { useTranslation } from "react-i18next";

import { choiceOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { focusedStep, stepsFor } from "@/annotate/state";
import type { Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

/** One of the images. */
export function Pick({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const chosen = choiceOf(open.answers, question.id);
  const focused = focusedStep(session)?.question.id === question.id;
  const index = stepsFor(session, open).findIndex((step) => step.question.id === question.id);
  return (
    <Row question={question}>
      <div className={styles.options}>
        {open.assignment.shown.order.map((letter, place) => (
          <DeskButton
            key={letter}
            {...(focused ? { command: "pick", value: place + 1 } : {})}
            chosen={chosen === letter}
            disabled={!open.armed}
            onClick={() => {
              dispatch({ type: "focus", index });
              dispatch({ type: "pick", place });
            }}
          >
            {t("image", { place: place + 1 })}
          </DeskButton>
        ))}
      </div>
    </Row>
  );
}
