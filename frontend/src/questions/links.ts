/** Words that are tied to places on the images: numbered, and kept in step with those places. Pure. */

import type { Answers, Link, PlaceRef, Question } from "./kind";
import { kindOf } from "./registry";

export interface NumberedLink extends Link {
  /** The same for all words that are tied to one place, from 1. */
  readonly number: number;
}

/** One person's links, word by word. */
export function numberedLinks(questions: readonly Question[], answers: Answers): readonly NumberedLink[] {
  const links = questions.flatMap((question) => {
    const answer = answers[question.id];
    return answer === undefined ? [] : (kindOf(question).links?.of(answer) ?? []);
  });
  const places = [...new Set(links.map(placeOf))];
  return links.map((link) => ({ ...link, number: places.indexOf(placeOf(link)) + 1 }));
}

function placeOf({ question, image, mark }: Link): string {
  return `${question}.${image}.${mark}`;
}

/** The numbers at a word, e.g. "1 2"; undefined: it is tied to nothing. */
export function numbersAt(links: readonly NumberedLink[], tokens: readonly number[]): string | undefined {
  const numbers = links.filter(({ token }) => tokens.includes(token)).map(({ number }) => number);
  return numbers.length > 0 ? [...new Set(numbers)].join(" ") : undefined;
}

/** The number at a place. */
export function numberAt(links: readonly NumberedLink[], { question, letter, index }: PlaceRef): number | undefined {
  return links.find((link) => link.question === question && link.image === letter && link.mark === index)?.number;
}

/** A place is gone: so are the links to it, and those to the ones after it move up. */
export function withoutPlace(
  questions: readonly Question[],
  answers: Answers,
  { question: id, letter, index }: PlaceRef,
): Answers {
  const moved = (link: Link): Link | [] => {
    if (link.question !== id || link.image !== letter || link.mark < index) return link;
    return link.mark === index ? [] : { ...link, mark: link.mark - 1 };
  };
  return Object.fromEntries(
    Object.entries(answers).map(([key, answer]) => {
      const question = questions.find((one) => one.id === key);
      const links = question && kindOf(question).links;
      return [key, links ? links.with(answer, links.of(answer).flatMap(moved)) : answer];
    }),
  );
}
