/**
 * The kinds of questions. That of a pair is with every desk, the others come with whoever asks
 * them (`loadKinds`), or with a page that shows any of them (it imports `allKinds`).
 */

import type { Kind, Question, QuestionType } from "./kind";
import { preference } from "./Preference";

/** The next kind is one more file, and one more line of `otherKinds`. */
export type OtherKinds = Readonly<Record<Exclude<QuestionType, "preference">, Kind>>;

const here: { preference: Kind } & Partial<OtherKinds> = { preference };

/** Those that are here. */
export const KINDS = here as Readonly<Record<QuestionType, Kind>>;

export function register(kinds: Partial<OtherKinds>): void {
  Object.assign(here, kinds);
}

/** Brings the kinds of these questions, if they are not here. */
export async function loadKinds(questions: readonly Question[]): Promise<void> {
  const asks = (draws: boolean) =>
    questions.some(({ type }) => !here[type] && (type === "regions") === draws);
  await Promise.all([
    asks(false) && import("./otherKinds"),
    asks(true) && import("./regionsKind"),
  ]);
}

export function kindOf({ type }: Question): Kind {
  const kind = here[type];
  if (!kind) throw new Error(`a question came before its kind: ${type}`);
  return kind;
}

/** The kinds of these questions, each once. */
export function kindsOf(questions: readonly Question[]): readonly Kind[] {
  return [...new Set(questions.map(kindOf))];
}
