import type { ReactNode } from "react";

import type { QuestionText } from "@/i18n/questionText";
import { keepFocus } from "@/ui/desk/Button";

import type { Question } from "./kind";
import styles from "./QuestionFrame.module.css";

interface Props {
  question: Question;
  text: QuestionText;
  focused: boolean;
  done: boolean;
  focus: () => void;
  /** Short words beside the title: what is answered. */
  summary?: ReactNode;
  /** The title beside the answer, not above it. */
  inline?: boolean;
  /** Before the title: what the question looks like on the image. */
  sign?: ReactNode;
  children: ReactNode;
}

/** One question in the panel; it stands out while the keys are about it. */
export function QuestionFrame(props: Props) {
  const { question, text, focused, done, focus, summary, inline, sign, children } = props;
  const title = text.title(question);
  const classes = [styles.row, focused && styles.focused, inline && styles.inline];
  return (
    <section
      className={classes.filter(Boolean).join(" ")}
      aria-label={title}
      aria-current={focused ? "step" : undefined}
      ref={focused ? intoView : null}
    >
      <header className={styles.head}>
        <button
          type="button"
          className={styles.title}
          title={text.help(question)}
          onPointerDown={keepFocus}
          onClick={focus}
        >
          <span className={styles.tick} aria-hidden="true">
            {done ? "✓" : ""}
          </span>
          {sign}
          <span>{title}</span>
        </button>
        {summary !== undefined && <span className={styles.summary}>{summary}</span>}
      </header>
      {children}
    </section>
  );
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
