/** A reviewer's own answers to an item: what is on the desk, and its one step. Pure. */

import { answersAfter, withoutCursors } from "@/questions/changes";
import type { Answers, AskedItem, Question } from "@/questions/kind";
import { kindOf } from "@/questions/registry";
import {
  focusedStep,
  hereOf,
  indexOfQuestion,
  indexOfStep,
  isStepDone,
  nextOpen,
  stepsOf,
  unanswered,
} from "@/questions/steps";

import type { Review } from "@/review/queries";

export interface OwnItem extends AskedItem {
  /** The question whose answer was missing when it was to be sent. */
  readonly missing: Question | null;
}

export type OwnEvent =
  | { type: "act"; question?: string; kind?: Question["type"]; letter?: string; action: unknown }
  | { type: "focus_question"; question: string }
  | { type: "focus_move"; by: 1 | -1 }
  | { type: "go_on" }
  | { type: "let_go" };

/** An item as it is answered by its reviewer: the images in the order of their letters. */
export function startOwn(
  { id, item, asked }: Review,
  questions: readonly Question[],
  answers: Answers,
  imageByImage = false,
): OwnItem {
  const shown = { order: item.images.map((image) => image.letter) };
  return {
    questions: [...questions].sort((one, other) => one.position - other.position),
    imageByImage,
    assignment: { id: String(id), lease_expires_at: null, item, shown, asked },
    armed: true,
    answers,
    focus: 0,
    cursors: {},
    missing: null,
  };
}

export function stepOwn(open: OwnItem, event: OwnEvent): OwnItem {
  switch (event.type) {
    case "act":
      return acted(open, event);
    case "focus_question":
      return focused(open, indexOfQuestion(open, event.question));
    case "focus_move": {
      const count = stepsOf(open).length;
      return focused(open, (open.focus + event.by + count) % count);
    }
    case "go_on":
      return goneOn(open);
    case "let_go":
      return withoutCursors(open, "escaped");
  }
}

/** Whether Enter now says that it is answered: nothing is missing, nor does the step take it. */
export function isAnswered(open: OwnItem): boolean {
  const here = focusedStep(open);
  const confirms = here && kindOf(here.question).confirm?.(hereOf(open, here.question));
  return !confirms && unanswered(open).length === 0;
}

function acted(open: OwnItem, event: Extract<OwnEvent, { type: "act" }>): OwnItem {
  const question = event.question
    ? open.questions.find(({ id }) => id === event.question)
    : focusedStep(open)?.question;
  if (!question || (event.kind ?? question.type) !== question.type) return open;
  const change = kindOf(question).step(hereOf(open, question, event.letter), event.action);
  if (!change) return open;
  const moves = event.question !== undefined && !change.keepsFocus;
  const at = moves ? focused(open, indexOfStep(open, question.id, event.letter)) : open;
  const cursors =
    change.cursor === undefined ? at.cursors : { ...at.cursors, [question.type]: change.cursor };
  const item: OwnItem = { ...at, cursors, missing: null };
  if (change.answer === undefined) return item;
  const answered = { ...item, answers: answersAfter(open, question, change) };
  const next = change.completes ? nextOpen(answered) : null;
  return next === null ? answered : { ...answered, focus: next };
}

/** Enter: what the step makes of it, else on to what is still open. */
function goneOn(open: OwnItem): OwnItem {
  const here = focusedStep(open);
  const action = here && kindOf(here.question).confirm?.(hereOf(open, here.question));
  if (action) return acted(open, { type: "act", action });
  if (here?.question.required && !isStepDone(open, here)) return { ...open, missing: here.question };
  const next = nextOpen(open);
  return next === null ? open : focused(open, next);
}

function focused(open: OwnItem, focus: number): OwnItem {
  return { ...withoutCursors(open, "moved"), focus, missing: null };
}
