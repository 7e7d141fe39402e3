import { useTranslation } from "@/i18n/useTranslation";

import styles from "./Comment.module.css";
import type { CellProps, KindOf, RowProps } from "./kind";
import { QuestionFrame } from "./QuestionFrame";

interface Answer {
  readonly text: string;
}

interface Write {
  readonly type: "write";
  readonly text: string;
}

const LONGEST = 2000;

function Row(props: RowProps<Answer, Write, never>) {
  const { t } = useTranslation("questions");
  const { question, item, answer, text, focus, act } = props;
  return (
    <QuestionFrame
      {...props}
      summary={question.required ? undefined : t("kinds.comment.optional")}
    >
      <textarea
        className={styles.comment}
        aria-label={text.title(question)}
        placeholder={t("kinds.comment.placeholder")}
        rows={2}
        maxLength={LONGEST}
        disabled={!item.armed}
        value={answer?.text ?? ""}
        onFocus={focus}
        onChange={(event) => act({ type: "write", text: event.target.value })}
      />
    </QuestionFrame>
  );
}

function Cell({ value }: CellProps<string>) {
  return <span className={styles.cell}>{value}</span>;
}

/** A remark in the annotator's own words. */
export const comment: KindOf<Answer, Write, never> = {
  kind: "comment",
  isDone: ({ answer }) => answer !== null && answer.text.trim() !== "",
  step: (_here, { text }) => ({ answer: text === "" ? null : { text }, continues: true }),
  commands: () => [],
  Row,
  hint: (t) => t("kinds.comment.hint"),
  cell: { value: ({ text }) => text, differs: () => false, Cell },
};
