/** What an action on a question leaves of an item's answers; pure. */

import type { Answers, AskedItem, Change, LetGo, Question } from "./kind";
import { kindsOf } from "./registry";

/** What is asked about an answer goes when that answer is another one. */
export function answersAfter(
  open: AskedItem,
  question: Question,
  { answer, question: other, tidy }: Change<unknown, unknown>,
): Answers {
  const id = other ?? question.id;
  const same = JSON.stringify(open.answers[id]) === JSON.stringify(answer);
  const dropped = open.questions.filter(({ about }) => about === id && !same).map((one) => one.id);
  const gone = answer === null ? [id, ...dropped] : dropped;
  const kept = Object.fromEntries(
    Object.entries(open.answers).filter(([key]) => !gone.includes(key)),
  );
  const answers = answer === null ? kept : { ...kept, [id]: answer };
  return tidy ? tidy(answers) : answers;
}

/** The item without the cursors that end with this; the same item where none does. */
export function withoutCursors<Item extends AskedItem>(item: Item, why: LetGo): Item {
  return kindsOf(item.questions).reduce((rest, { kind, letGo }) => {
    const cursor = rest.cursors[kind];
    if (!letGo || cursor === undefined) return rest;
    const left = letGo(cursor, why);
    return left === cursor ? rest : { ...rest, cursors: { ...rest.cursors, [kind]: left } };
  }, item);
}
