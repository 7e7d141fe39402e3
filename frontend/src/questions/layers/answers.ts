/** What each annotator answered, laid out as rows for comparing; pure. */

import type { Letter, Mark, Question } from "@/questions/kind";
import type { Region } from "@/questions/regions";
import { kindOf } from "@/questions/registry";
import type { ChecklistRow } from "@/questions/rows";

/** One person's answers, of whatever else comes with them. */
export interface Answered {
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The same, with what the person is called here. */
export interface NamedAnswers extends Answered {
  readonly annotator: string;
}

export interface Row {
  key: string;
  question: Question;
  /** Null when the question is about the item as a whole, or about its only image. */
  letter: Letter | null;
  /** Of a checklist the row that it is about. */
  of: ChecklistRow | null;
  /** A column a person; null: no answer. What a value is, and how it looks, the kind knows. */
  values: unknown[];
  /** The annotators answered noticeably different things. */
  differs: boolean;
}

export function answerRows(
  questions: readonly Question[],
  annotations: readonly Answered[],
  letters: readonly Letter[],
  checklist: readonly ChecklistRow[] = [],
): Row[] {
  const rows = [...questions]
    .sort((one, other) => one.position - other.position)
    .flatMap((question) => rowsOf(question, annotations, letters, checklist));
  // What is about the whole item says in one row what the others say in many.
  return [...rows.filter((row) => row.letter === null), ...rows.filter((row) => row.letter !== null)];
}

function rowsOf(
  question: Question,
  annotations: readonly Answered[],
  letters: readonly Letter[],
  checklist: readonly ChecklistRow[],
): Row[] {
  const { cell } = kindOf(question);
  const valuesOf = (of: string) =>
    annotations.map(({ answers }) => {
      const answer = answers[question.id] ?? null;
      return answer === null ? null : cell.value(answer, of, checklist);
    });
  const row = (letter: Letter | null, of: ChecklistRow | null = null): Row => {
    const values = valuesOf(of?.id ?? letter ?? letters[0] ?? "a");
    const given = values.filter((value) => value !== null);
    return {
      key: [question.id, ...(letter === null ? [] : [letter]), ...(of === null ? [] : [of.id])].join("."),
      question,
      letter,
      of,
      values,
      differs: given.length > 1 && cell.differs(given, question),
    };
  };
  if (cell.byRow) return checklist.map((one) => row(null, one));
  if (!cell.byImage || letters.length === 1) return [row(null)];
  const answered = letters.filter((letter) => valuesOf(letter).some((value) => value !== null));
  return answered.length === 0 ? [row(null)] : answered.map((letter) => row(letter));
}

/** For each word of the prompt, the places (0, 1, 2 …) of the annotators who marked it, or were not sure. */
export function wordMarkers(
  questions: readonly Question[],
  tokens: readonly string[],
  annotations: readonly Answered[],
  which: "chosen" | "unsure" = "chosen",
): number[][] {
  const marked = annotations.map(({ answers }) =>
    questions.flatMap((question) => {
      const answer = answers[question.id];
      return answer === undefined ? [] : (kindOf(question).words?.[which](answer) ?? []);
    }),
  );
  return tokens.map((_, token) =>
    marked.flatMap((words, place) => (words.includes(token) ? [place] : [])),
  );
}

/** The questions whose answers are marks or regions on an image, in order. */
export function flawsOf(questions: readonly Question[]): readonly Question[] {
  return questions.filter((question) => kindOf(question).points ?? kindOf(question).regions);
}

export function isOfRegions(question: Question): boolean {
  return kindOf(question).regions !== undefined;
}

/** Everyone's regions on one image; a person without any has an empty list. */
export function regionsOf(
  question: Question,
  letter: Letter,
  annotations: readonly Answered[],
): (readonly Region[])[] {
  return annotations.map(({ answers }) => {
    const answer = answers[question.id];
    return answer === undefined ? [] : (kindOf(question).regions?.(answer, letter) ?? []);
  });
}

/** Everyone's marks on one image for one question; a person without any has an empty list. */
export function marksOf(
  question: Question,
  letter: Letter,
  annotations: readonly Answered[],
): (readonly Mark[])[] {
  return annotations.map(({ answers }) => {
    const answer = answers[question.id];
    return answer === undefined ? [] : (kindOf(question).points?.(answer, letter) ?? []);
  });
}

/** The places of the annotators who chose this image in the last question that chooses one. */
export function choosers(
  questions: readonly Question[],
  letter: Letter,
  annotations: readonly Answered[],
): number[] {
  const question = questions.filter((one) => kindOf(one).choice).at(-1);
  if (!question) return [];
  return annotations.flatMap(({ answers }, place) => {
    const answer = answers[question.id];
    const chosen = answer === undefined ? null : kindOf(question).choice?.(answer);
    return chosen === letter ? [place] : [];
  });
}
