import { useTranslation } from "react-i18next";

import { textOf } from "@/annotate/answers";
import { useItemView } from "@/annotate/context";
import { stepsFor } from "@/annotate/state";
import type { Question } from "@/api/types";

import styles from "./questions.module.css";
import { Row } from "./Row";

const LONGEST = 2000;

/** A remark in the annotator's own words. */
export function Comment({ question }: { question: Question }) {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch, text } = useItemView();
  const index = stepsFor(session, open).findIndex((step) => step.question.id === question.id);
  return (
    <Row question={question} said={question.required ? undefined : t("comment.optional")}>
      <textarea
        className={styles.comment}
        aria-label={text.title(question)}
        placeholder={t("comment.placeholder")}
        rows={2}
        maxLength={LONGEST}
        disabled={!open.armed}
        value={textOf(open.answers, question.id)}
        onFocus={() => dispatch({ type: "focus", index })}
        onChange={(event) => dispatch({ type: "comment", text: event.target.value })}
      />
    </Row>
  );
}
