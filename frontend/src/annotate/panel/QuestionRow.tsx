import type { Question } from "@/questions/kind";
import { KINDS } from "@/questions/registry";

import { useRowProps } from "./useRowProps";

/** A question, drawn by its kind. */
export function QuestionRow({ question }: { question: Question }) {
  const props = useRowProps(question);
  const { Row } = KINDS[question.type];
  return <Row {...props} />;
}
