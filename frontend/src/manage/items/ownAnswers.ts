/** What a lead's own answers begin as; pure. */

import type { Schemas } from "@/api/client";
import type { Question } from "@/questions/kind";

import type { Answers, DetailedItem } from "./queries";

type Finding = Schemas["ItemFinding"];

const NOTHING = "nothing";

/**
 * The lead's answers in force; else what people decided together, question by question, and where
 * they decided nothing (or it is no matter of votes) as the person answered who is most like that.
 */
export function firstAnswers(item: DetailedItem, questions: readonly Question[]): Answers {
  const inForce = item.overrides.find((one) => one.withdrawn_at === null);
  if (inForce) return inForce.answers;
  const decided = decidedTogether(item.consensus?.findings ?? [], questions);
  const likeness = (answers: Answers) =>
    Object.entries(decided).filter(([id, answer]) => isSame(answers[id], answer)).length;
  const standing = item.answers.filter((one) => one.stands).map((one) => one.answers);
  // Sorting keeps the order of those that are equally like it.
  const [nearest = {}] = standing.sort((one, other) => likeness(other) - likeness(one));
  return { ...nearest, ...decided };
}

function decidedTogether(findings: readonly Finding[], questions: readonly Question[]): Answers {
  const decided: Answers = {};
  // What is about a chosen image comes after the choice.
  for (const question of [...questions].sort((one, other) => one.position - other.position)) {
    const own = findings.filter((one) => one.question === question.id);
    const answer = own.length === 0 ? undefined : decidedOn(question, own, decided);
    if (answer !== undefined) decided[question.id] = answer;
  }
  return decided;
}

function decidedOn(question: Question, own: readonly Finding[], before: Answers): unknown {
  switch (question.type) {
    case "preference":
    case "pick": {
      const choice = own.find((one) => one.decided);
      return choice && { choice: choice.key };
    }
    case "graded":
      return gradeOf(question, own);
    case "rating": {
      const { min, max } = question.scale ?? { min: 1, max: 5 };
      const step = question.half_points ? 0.5 : 1;
      const ratings = own.flatMap(({ key, letter, value, decided }): [string, number | null][] => {
        if (key === NOTHING && decided) return [[letter, null]];
        if (key !== "mean" || value === null || !decided) return [];
        return [[letter, Math.round((min + value * (max - min)) / step) * step]];
      });
      return { ratings: Object.fromEntries(ratings) };
    }
    case "flags": {
      const about = question.about === null ? null : (before[question.about] as { choice: string } | undefined);
      if (about === undefined) return undefined;
      const letters = about === null ? new Set(own.map((one) => one.letter)) : [about.choice];
      const flags = [...letters].map((letter) => [letter, yes(own, letter)]);
      return { flags: Object.fromEntries(flags) as Record<string, string[]> };
    }
    case "label": {
      const labels = own.filter((one) => one.decided).map(({ letter, key }) => [letter, key]);
      return { labels: Object.fromEntries(labels) as Record<string, string> };
    }
    case "best_worst": {
      // By the mean ranks; of equal ones the first.
      const ranked = own.filter(({ key }) => key === "rank");
      const inOrder = ranked.sort((one, other) => (one.value ?? 0) - (other.value ?? 0));
      return { best: inOrder[0]?.letter, worst: inOrder.at(-1)?.letter };
    }
    case "words": {
      const tokens = yes(own, "").map(Number).sort((one, other) => one - other);
      return question.spans ? { spans: joined(tokens) } : { tokens };
    }
    default:
      return undefined;
  }
}

/** Neighbours in one span: where votes are word by word, nothing tells two of them apart. */
function joined(tokens: readonly number[]): number[][] {
  return tokens.reduce<number[][]>((spans, token) => {
    const last = spans.at(-1);
    if (last?.[1] === token - 1) last[1] = token;
    else spans.push([token, token]);
    return spans;
  }, []);
}

/** The step that is nearest to the mean strength, 1 where a is much better. */
function gradeOf({ scale }: Question, own: readonly Finding[]): { grade: number } | undefined {
  const strength = own.find(({ key }) => key === "strength")?.value;
  const steps = scale?.max ?? 0;
  if (strength === undefined || strength === null) return undefined;
  return { grade: Math.min(Math.floor(((1 - strength) / 2) * steps) + 1, steps) };
}

const yes = (own: readonly Finding[], letter: string) =>
  own
    .filter((one) => one.letter === letter && one.decided && one.key !== NOTHING)
    .map((one) => one.key);

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
