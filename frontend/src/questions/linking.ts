/** Tying words to places by pressing these. Pure. */

import type { AskedItem, PlaceRef } from "./kind";
import { kindOf } from "./registry";
import { focusedStep, hereOf } from "./steps";

interface Linked {
  readonly answer: unknown;
  readonly question: string;
  readonly keepsFocus: true;
}

/** What the question in focus does with a place that is pressed, while it ties words to places. */
export function linkTo(item: AskedItem, place: PlaceRef): Linked | null {
  const question = focusedStep(item)?.question;
  if (!question) return null;
  const { links, step } = kindOf(question);
  if (!links?.isOn(item.cursors[question.type] ?? null)) return null;
  const change = step(hereOf(item, question), links.to(place));
  const { answer } = change ?? {};
  return answer === undefined ? null : { answer, question: question.id, keepsFocus: true };
}
