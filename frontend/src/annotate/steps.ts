/** An item's questions as a row of small steps: one press each where that is possible. */

import type { Answers, Item, Letter, Question } from "@/api/types";

import { choiceOf, flagsOf, isComplete, ratingsOf } from "./answers";

/** `letter`: the image that a rating or flags step is about; null: the item as a whole. */
export interface Step {
  readonly question: Question;
  readonly letter: Letter | null;
}

/** Steps of an image-by-image question follow the order shown, left to right. */
export function stepsOf(
  questions: readonly Question[],
  order: readonly Letter[],
  answers: Answers,
): readonly Step[] {
  return questions.flatMap((question): Step[] => {
    if (question.type === "flags" && question.about) {
      return [{ question, letter: choiceOf(answers, question.about) }];
    }
    if (question.type === "rating" || question.type === "flags") {
      return order.map((letter) => ({ question, letter }));
    }
    return [{ question, letter: null }];
  });
}

export function isStepDone({ question, letter }: Step, item: Item, answers: Answers): boolean {
  if (question.type === "rating" && letter !== null) {
    return ratingsOf(answers, question.id)[letter] !== undefined;
  }
  if (question.type === "flags" && letter !== null) {
    return flagsOf(answers, question.id)[letter] !== undefined;
  }
  return isComplete(question, item, answers);
}

/** The next step that is still open after `from`, around the end; null when all are done. */
export function nextOpen(
  steps: readonly Step[],
  from: number,
  item: Item,
  answers: Answers,
): number | null {
  for (let ahead = 1; ahead <= steps.length; ahead++) {
    const index = (from + ahead) % steps.length;
    const step = steps[index];
    if (step?.question.required && !isStepDone(step, item, answers)) return index;
  }
  return null;
}

/**
 * Whether the last press may send the item by itself: every question takes single presses, so
 * nobody is in the middle of something. With marks, words, flags or text Enter sends.
 */
export function sendsByItself(questions: readonly Question[]): boolean {
  return questions.every(
    ({ type, required }) => required && ["preference", "rating", "pick"].includes(type),
  );
}
