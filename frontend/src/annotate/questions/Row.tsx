import type { ReactNode } from "react";

import { isComplete } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { stepsFor } from "@/annotate/state";
import type { Question } from "@/api/types";

import styles from "./questions.module.css";

interface Props {
  question: Question;
  /** Short words beside the title: what is answered. */
  said?: ReactNode;
  /** The title beside the answer, not above it. */
  inline?: boolean;
  /** Before the title: what the question looks like on the image. */
  sign?: ReactNode;
  children: ReactNode;
}

/** One question in the panel; it stands out while the keys are about it. */
export function Row({ question, said, inline, sign, children }: Props) {
  const { session, open, text, dispatch } = useItemView();
  const focused = stepsFor(session, open)[open.focus]?.question.id === question.id;
  const done = isComplete(question, open.assignment.item, open.answers);
  const title = text.title(question);
  const classes = [styles.row, focused && styles.focused, done && styles.done, inline && styles.inline];
  return (
    <section
      className={classes.filter(Boolean).join(" ")}
      aria-label={title}
      aria-current={focused ? "step" : undefined}
      ref={focused ? intoView : null}
    >
      <header className={styles.rowHead}>
        <button
          type="button"
          className={styles.rowTitle}
          title={text.help(question)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => dispatch({ type: "focus_question", question: question.id })}
        >
          <span className={styles.tick} aria-hidden="true">
            {done ? "✓" : ""}
          </span>
          {sign}
          <span>{title}</span>
        </button>
        {said !== undefined && <span className={styles.said}>{said}</span>}
      </header>
      {children}
    </section>
  );
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
