import type { QuestionText } from "@/i18n/questionText";

import { LetterBadge } from "./Cell";
import type { Row } from "./layers/answers";

/** What a row of a table of answers is about: the question, of an image; or a row of a checklist. */
export function RowTitle({ row, text }: { row: Row; text: QuestionText }) {
  return (
    <>
      {row.letter !== null && <LetterBadge>{row.letter}</LetterBadge>}
      {row.letter !== null && " "}
      {row.of === null ? text.title(row.question) : row.of.text}
    </>
  );
}
