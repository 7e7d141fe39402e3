import { useTranslation } from "react-i18next";

import { choiceOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { DeskButton } from "@/annotate/parts/DeskButton";
import { stepsFor } from "@/annotate/state";
import type { Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

export const CHOICES = ["left", "tie", "both_bad", "unsure", "right"] as const;
export type ShownChoice = (typeof CHOICES)[number];

const COMMAND_OF = {
  left: "choose_left",
  right: "choose_right",
  tie: "tie",
  both_bad: "both_bad",
  unsure: "unsure",
} as const;

/** An answer as it is seen: a and b are images, left and right are where they are shown. */
export function shownChoice(choice: string | null, order: readonly string[]): ShownChoice | null {
  if (choice === null) return null;
  if (choice === order[0]) return "left";
  if (choice === order[1]) return "right";
  return CHOICES.find((one) => one === choice) ?? null;
}

/** The answer to one preference question, as the five buttons. */
export function ChoiceBar({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const index = stepsFor(session, open).findIndex((step) => step.question.id === question.id);
  const chosen = shownChoice(choiceOf(open.answers, question.id), open.assignment.shown.order);
  const focused = open.focus === index;
  return (
    <div className={styles.choices}>
      {CHOICES.map((choice) => (
        <DeskButton
          key={choice}
          {...(focused ? { command: COMMAND_OF[choice] } : {})}
          className={styles[choice]}
          cap={choice === "right" ? "after" : "before"}
          chosen={chosen === choice}
          disabled={!open.armed}
          onClick={() => {
            dispatch({ type: "focus", index });
            dispatch({ type: "prefer", choice });
          }}
        >
          {t(`choice.${choice}`)}
        </DeskButton>
      ))}
    </div>
  );
}

export function Preference({ question }: { question: Question }) {
  return (
    <Row question={question}>
      <ChoiceBar question={question} />
    </Row>
  );
}
