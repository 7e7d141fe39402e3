/** An item's questions as a row of small steps, and what of them is answered. */

import type { Answers, AskedItem, Here, Letter, OnImage, Question, Step } from "./kind";
import { kindOf } from "./registry";

/** Steps of a question about each image follow the order shown, left to right. */
export function stepsOf(item: AskedItem): readonly Step[] {
  if (item.imageByImage !== true) return stepsOver(item, item.questions);
  const steps: Step[] = [];
  for (let at = 0; at < item.questions.length; ) {
    const run = item.questions.slice(at).findIndex((question) => !isRated(question));
    const end = run === -1 ? item.questions.length : at + run;
    const rated = stepsOver(item, item.questions.slice(at, end));
    for (const letter of item.assignment.shown.order) {
      steps.push(...rated.filter((step) => step.letter === letter));
    }
    steps.push(...stepsOver(item, item.questions.slice(end, end + 1)));
    at = end + 1;
  }
  return steps;
}

function stepsOver(item: AskedItem, questions: readonly Question[]): Step[] {
  return questions.flatMap((question) =>
    (kindOf(question).letters?.(question, item) ?? [null]).map((letter) => ({ question, letter })),
  );
}

/** One press an image: questions like this, side by side, are asked image by image. */
function isRated({ type }: Question): boolean {
  return type === "rating";
}

export function focusedStep(item: AskedItem): Step | null {
  return stepsOf(item)[item.focus] ?? null;
}

/** A question of the item; of its steps the one in focus, else the first that is open. */
export function hereOf(item: AskedItem, question: Question, letter?: Letter): Here<unknown, unknown> {
  const focus = focusedStep(item);
  const focused = focus?.question.id === question.id;
  const step = focused ? focus : stepsOf(item)[indexOfQuestion(item, question.id)];
  return hereAt(item, { question, letter: letter ?? step?.letter ?? null }, focused);
}

function hereAt(item: AskedItem, step: Step, focused: boolean): Here<unknown, unknown> {
  const { id, type } = step.question;
  return {
    ...step,
    item,
    answer: item.answers[id] ?? null,
    cursor: item.cursors[type] ?? null,
    focused,
  };
}

export function isStepDone(item: AskedItem, step: Step): boolean {
  return kindOf(step.question).isDone(hereAt(item, step, false));
}

/** Whether the question is answered in full: every image that it asks about. */
export function isComplete(item: AskedItem, question: Question): boolean {
  const steps = stepsOf(item).filter((step) => step.question.id === question.id);
  return steps.length > 0 && steps.every((step) => isStepDone(item, step));
}

/** Where a question begins: its first open step, else its first. */
export function indexOfQuestion(item: AskedItem, id: string): number {
  const steps = stepsOf(item);
  const first = steps.findIndex((step) => step.question.id === id);
  const open = steps.findIndex((step) => step.question.id === id && !isStepDone(item, step));
  return Math.max(0, open === -1 ? first : open);
}

export function indexOfStep(item: AskedItem, id: string, letter?: Letter): number {
  if (letter === undefined) return indexOfQuestion(item, id);
  return stepsOf(item).findIndex((step) => step.question.id === id && step.letter === letter);
}

/** The next required step that is still open after the focus, around the end; null: none is. */
export function nextOpen(item: AskedItem): number | null {
  const steps = stepsOf(item);
  for (let ahead = 1; ahead <= steps.length; ahead++) {
    const index = (item.focus + ahead) % steps.length;
    const step = steps[index];
    if (step?.question.required && !isStepDone(item, step)) return index;
  }
  return null;
}

/**
 * Whether the press that completes the item may send it by itself: presses complete every question,
 * so nobody is in the middle of something. Else Enter sends.
 */
export function sendsByItself(questions: readonly Question[]): boolean {
  return questions.every((question) => question.required && kindOf(question).onePress === true);
}

/** What may be sent: complete answers only. */
export function sendable(item: AskedItem): Answers {
  const complete = item.questions.filter((question) => isComplete(item, question));
  const given = complete.filter(({ id }) => id in item.answers);
  const answers = Object.fromEntries(given.map(({ id }) => [id, item.answers[id]]));
  return Object.fromEntries(
    given.map((question) => {
      const answer = answers[question.id];
      return [question.id, kindOf(question).toSend?.(answer, answers) ?? answer];
    }),
  );
}

/** Required questions that still have no answer, in order. */
export function unanswered(item: AskedItem): readonly Question[] {
  return item.questions.filter((question) => question.required && !isComplete(item, question));
}

/** Whose the presses on an image are: what is drawn on it lies above the image itself. */
export function takerOf(layers: readonly OnImage[]): OnImage | undefined {
  const tying = layers.filter(({ ties }) => ties);
  if (tying.length > 0) {
    return {
      pointer: "pointer",
      tap: ({ screen }, view) => tying.map(({ ties }) => ties?.(screen, view)).find((press) => press) ?? null,
    };
  }
  const takers = layers.filter(({ tap }) => tap);
  return (
    takers.find(({ focused }) => focused) ??
    takers.find(({ marks }) => marks && marks.length > 0) ??
    takers[0]
  );
}
