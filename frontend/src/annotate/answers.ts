/** Pure edits of a draft: answers in, answers out. A letter that says nothing yet is absent. */

import type { Answer, Answers, Item, Letter, Mark, Question } from "@/api/types";

export function choiceOf(answers: Answers, id: string): string | null {
  const answer = answers[id];
  return answer && "choice" in answer ? answer.choice : null;
}

export function marksOf(answers: Answers, id: string): Record<Letter, Mark[]> {
  const answer = answers[id];
  return answer && "marks" in answer ? answer.marks : {};
}

export function tokensOf(answers: Answers, id: string): number[] | null {
  const answer = answers[id];
  return answer && "tokens" in answer ? answer.tokens : null;
}

export function ratingsOf(answers: Answers, id: string): Record<Letter, number> {
  const answer = answers[id];
  return answer && "ratings" in answer ? answer.ratings : {};
}

export function tiersOf(answers: Answers, id: string): Letter[][] {
  const answer = answers[id];
  return answer && "tiers" in answer ? answer.tiers : [];
}

export function flagsOf(answers: Answers, id: string): Record<Letter, string[]> {
  const answer = answers[id];
  return answer && "flags" in answer ? answer.flags : {};
}

export function textOf(answers: Answers, id: string): string {
  const answer = answers[id];
  return answer && "text" in answer ? answer.text : "";
}

export function without(answers: Answers, id: string): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([other]) => other !== id));
}

function withAnswer(answers: Answers, id: string, answer: Answer): Answers {
  return { ...answers, [id]: answer };
}

/** Sets one letter of a keyed answer, or takes it away; an answer without letters goes too. */
function letterSet<T>(
  map: Record<Letter, T>,
  letter: Letter,
  value: T | null,
): Record<Letter, T> | null {
  const rest = Object.entries(map).filter(([other]) => other !== letter);
  if (value !== null) rest.push([letter, value]);
  return rest.length > 0 ? Object.fromEntries(rest) : null;
}

export function choose(answers: Answers, id: string, choice: string): Answers {
  return withAnswer(answers, id, { choice });
}

export function rate(answers: Answers, id: string, letter: Letter, value: number): Answers {
  const ratings = letterSet(ratingsOf(answers, id), letter, value);
  return ratings ? withAnswer(answers, id, { ratings }) : without(answers, id);
}

/** `marks` null: nothing said of this image yet. An empty list says that it has no flaw. */
export function setMarks(
  answers: Answers,
  id: string,
  letter: Letter,
  marks: Mark[] | null,
): Answers {
  const all = letterSet(marksOf(answers, id), letter, marks);
  return all ? withAnswer(answers, id, { marks: all }) : without(answers, id);
}

/** Says "none" of every image that has no marks. */
export function noMarks(answers: Answers, id: string, letters: readonly Letter[]): Answers {
  const said = marksOf(answers, id);
  return withAnswer(answers, id, {
    marks: Object.fromEntries(letters.map((letter) => [letter, said[letter] ?? []])),
  });
}

export function toggleToken(answers: Answers, id: string, token: number): Answers {
  const tokens = tokensOf(answers, id) ?? [];
  const next = tokens.includes(token)
    ? tokens.filter((other) => other !== token)
    : [...tokens, token].sort((a, b) => a - b);
  return next.length > 0 ? withAnswer(answers, id, { tokens: next }) : without(answers, id);
}

export function noTokens(answers: Answers, id: string): Answers {
  return withAnswer(answers, id, { tokens: [] });
}

export function toggleFlag(answers: Answers, id: string, letter: Letter, flag: string): Answers {
  const all = flagsOf(answers, id);
  const flags = all[letter] ?? [];
  const next = flags.includes(flag) ? flags.filter((other) => other !== flag) : [...flags, flag];
  return setFlags(answers, id, letter, next.length > 0 ? next : null);
}

export function setFlags(
  answers: Answers,
  id: string,
  letter: Letter,
  flags: string[] | null,
): Answers {
  const all = letterSet(flagsOf(answers, id), letter, flags);
  return all ? withAnswer(answers, id, { flags: all }) : without(answers, id);
}

/** Ranks an image next (or level with the last, when `tied`); one that is ranked comes off. */
export function rank(answers: Answers, id: string, letter: Letter, tied: boolean): Answers {
  const tiers = tiersOf(answers, id);
  const without_ = tiers.map((tier) => tier.filter((other) => other !== letter)).filter(notEmpty);
  const ranked = tiers.some((tier) => tier.includes(letter));
  const last = tiers.at(-1);
  const next = ranked
    ? without_
    : tied && last
      ? [...tiers.slice(0, -1), [...last, letter]]
      : [...tiers, [letter]];
  return next.length > 0 ? withAnswer(answers, id, { tiers: next }) : without(answers, id);
}

export function write(answers: Answers, id: string, text: string): Answers {
  return text === "" ? without(answers, id) : withAnswer(answers, id, { text });
}

function notEmpty(tier: Letter[]): boolean {
  return tier.length > 0;
}

/** Whether the question is answered in full: every image that it asks about. */
export function isComplete(question: Question, item: Item, answers: Answers): boolean {
  const letters = item.images.map((image) => image.letter);
  const { id } = question;
  switch (question.type) {
    case "preference":
    case "pick":
      return choiceOf(answers, id) !== null;
    case "rating":
      return letters.every((letter) => ratingsOf(answers, id)[letter] !== undefined);
    case "marks":
      return letters.every((letter) => marksOf(answers, id)[letter] !== undefined);
    case "words":
      return tokensOf(answers, id) !== null;
    case "flags": {
      const about = question.about ? choiceOf(answers, question.about) : null;
      const asked = question.about ? (about === null ? [] : [about]) : letters;
      return asked.length > 0 && asked.every((letter) => flagsOf(answers, id)[letter]);
    }
    case "ranking":
      return tiersOf(answers, id).flat().length === letters.length;
    case "comment":
      return textOf(answers, id).trim() !== "";
  }
}

/** What may be sent: complete answers only. */
export function sendable(questions: readonly Question[], item: Item, answers: Answers): Answers {
  const complete = questions.filter((question) => isComplete(question, item, answers));
  const sent: Answers = {};
  for (const { id } of complete) {
    const answer = answers[id];
    if (answer) sent[id] = answer;
  }
  return sent;
}

/** Required questions that still lack an answer, in order. */
export function missing(
  questions: readonly Question[],
  item: Item,
  answers: Answers,
): readonly Question[] {
  return questions.filter(
    (question) => question.required && !isComplete(question, item, answers),
  );
}
