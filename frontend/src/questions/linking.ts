/** Tying words to places by pressing these. Pure. */

import type { AskedItem, PlaceRef } from "./kind";
import { kindOf } from "./registry";
import { focusedStep, hereOf } from "./steps";

interface Linked {
  readonly answer: unknown;
  readonly question: string;
  readonly keepsFocus: true;
}

/** Whether a place that is pressed now is for a word of the question in focus. */
export function isTying(item: AskedItem): boolean {
  const question = focusedStep(item)?.question;
  return question !== undefined && kindOf(question).links?.isOn(item.cursors[question.type] ?? null) === true;
}

/** What the question in focus does with a place that is pressed, while it ties words to places. */
export function linkTo(item: AskedItem, place: PlaceRef): Linked | null {
  const question = focusedStep(item)?.question;
  const { links, step } = question ? kindOf(question) : {};
  if (!question || !links || !step || !isTying(item)) return null;
  const change = step(hereOf(item, question), links.to(place));
  const { answer } = change ?? {};
  return answer === undefined ? null : { answer, question: question.id, keepsFocus: true };
}
