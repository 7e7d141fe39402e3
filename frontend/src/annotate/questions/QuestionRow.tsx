import type { Question } from "@/api/types";

import { Comment } from "./Comment";
import { Flags } from "./Flags";
import { Marks } from "./Marks";
import { Pick } from "./Pick";
import { Preference } from "./Preference";
import { Ranking } from "./Ranking";
import { Rating } from "./Rating";
import { Words } from "./Words";

const COMPONENTS = {
  preference: Preference,
  marks: Marks,
  words: Words,
  rating: Rating,
  ranking: Ranking,
  flags: Flags,
  pick: Pick,
  comment: Comment,
} as const;

/** A question, drawn by its type: the next type is one more file and one more line. */
export function QuestionRow({ question }: { question: Question }) {
  const Component = COMPONENTS[question.type];
  return <Component question={question} />;
}
