/** The kinds of questions: the next one is one more file and one more line. */

import { bestWorst } from "./BestWorst";
import { checklist } from "./Checklist";
import { comment } from "./Comment";
import { flags } from "./Flags";
import { graded } from "./Graded";
import type { Kind, Question, QuestionType } from "./kind";
import { label } from "./Label";
import { marks } from "./Marks";
import { pick } from "./Pick";
import { preference } from "./Preference";
import { ranking } from "./Ranking";
import { rating } from "./Rating";
import { words } from "./Words";

export const KINDS: Readonly<Record<QuestionType, Kind>> = {
  preference,
  graded,
  ranking,
  best_worst: bestWorst,
  rating,
  marks,
  words,
  flags,
  label,
  checklist,
  pick,
  comment,
};

export function kindOf(question: Question): Kind {
  return KINDS[question.type];
}

/** The kinds of these questions, each once. */
export function kindsOf(questions: readonly Question[]): readonly Kind[] {
  return [...new Set(questions.map(kindOf))];
}
