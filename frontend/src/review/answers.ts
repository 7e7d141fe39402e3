/** What each annotator answered, laid out as rows of cells for comparing; pure. */

import type { Answer, Letter, Mark, Question, ReviewedAnnotation } from "@/api/types";

/** What one annotator answered in one row, without words: the page draws it. */
export type Cell =
  | { kind: "none" }
  | { kind: "choice"; choice: string }
  | { kind: "count"; count: number }
  | { kind: "rating"; rating: number }
  | { kind: "tiers"; tiers: Letter[][] }
  | { kind: "flags"; flags: string[] }
  | { kind: "text"; text: string };

export interface Row {
  key: string;
  question: Question;
  /** Null when the question is about the item as a whole, or about its only image. */
  letter: Letter | null;
  cells: Cell[];
  /** The annotators said noticeably different things. */
  differs: boolean;
}

/** Ratings two or more apart differ; one step apart is what careful people do. */
const RATING_APART = 2;

export function answerRows(
  questions: readonly Question[],
  annotations: readonly Pick<ReviewedAnnotation, "answers">[],
  letters: readonly Letter[],
): Row[] {
  const rows = [...questions]
    .sort((one, other) => one.position - other.position)
    .flatMap((question): Row[] =>
      rowLetters(question, annotations, letters).map((letter) => {
        const only = letter ?? letters[0] ?? "a";
        const cells = annotations.map(({ answers }) => toCell(answers[question.id], only));
        return {
          key: letter === null ? question.id : `${question.id}.${letter}`,
          question,
          letter,
          cells,
          differs: cellsDiffer(cells),
        };
      }),
    );
  // A ranking says in one row what the ratings below it say in many.
  return [...rows.filter((row) => row.letter === null), ...rows.filter((row) => row.letter !== null)];
}

/** Answers given image by image take one row an image, when there is more than one. */
function rowLetters(
  question: Question,
  annotations: readonly Pick<ReviewedAnnotation, "answers">[],
  letters: readonly Letter[],
): (Letter | null)[] {
  const byImage = ["rating", "marks", "flags"].includes(question.type);
  if (!byImage || letters.length === 1) return [null];
  const answered = letters.filter((letter) =>
    annotations.some(({ answers }) => perImage(answers[question.id])?.[letter] !== undefined),
  );
  return answered.length === 0 ? [null] : answered;
}

function perImage(answer: Answer | undefined): Record<Letter, unknown> | null {
  if (answer === undefined) return null;
  if ("marks" in answer) return answer.marks;
  if ("ratings" in answer) return answer.ratings;
  return "flags" in answer ? answer.flags : null;
}

function toCell(answer: Answer | undefined, letter: Letter): Cell {
  if (answer === undefined) return { kind: "none" };
  if ("choice" in answer) return { kind: "choice", choice: answer.choice };
  if ("tokens" in answer) return { kind: "count", count: answer.tokens.length };
  if ("tiers" in answer) return { kind: "tiers", tiers: answer.tiers };
  if ("text" in answer) return { kind: "text", text: answer.text };
  if ("marks" in answer) return countOf(answer.marks[letter]);
  if ("ratings" in answer) return ratingOf(answer.ratings[letter]);
  const flags = answer.flags[letter];
  return flags === undefined ? { kind: "none" } : { kind: "flags", flags };
}

function countOf(marks: Mark[] | undefined): Cell {
  return marks === undefined ? { kind: "none" } : { kind: "count", count: marks.length };
}

function ratingOf(rating: number | undefined): Cell {
  return rating === undefined ? { kind: "none" } : { kind: "rating", rating };
}

export function cellsDiffer(cells: readonly Cell[]): boolean {
  const said = cells.filter((cell) => cell.kind !== "none");
  if (said.length < 2) return false;
  const ratings = said.flatMap((cell) => (cell.kind === "rating" ? [cell.rating] : []));
  if (ratings.length > 0) return Math.max(...ratings) - Math.min(...ratings) >= RATING_APART;
  const counts = said.flatMap((cell) => (cell.kind === "count" ? [cell.count] : []));
  if (counts.length > 0) return counts.includes(0) && counts.some((count) => count > 0);
  if (said.some((cell) => cell.kind === "text")) return false;
  return new Set(said.map((cell) => JSON.stringify(normalised(cell)))).size > 1;
}

/** The order inside a tie or among flags says nothing. */
function normalised(cell: Cell): unknown {
  if (cell.kind === "tiers") return cell.tiers.map((tier) => [...tier].sort());
  return cell.kind === "flags" ? [...cell.flags].sort() : cell;
}

/** For each word of the prompt, the places (0, 1, 2 …) of the annotators who marked it. */
export function wordMarkers(
  tokens: readonly string[],
  annotations: readonly Pick<ReviewedAnnotation, "answers">[],
): number[][] {
  return tokens.map((_, token) =>
    annotations.flatMap(({ answers }, place) =>
      Object.values(answers).some((answer) => "tokens" in answer && answer.tokens.includes(token))
        ? [place]
        : [],
    ),
  );
}

/** Everyone's points on one image for one question; a person without points has an empty list. */
export function marksOf(
  questionId: string,
  letter: Letter,
  annotations: readonly Pick<ReviewedAnnotation, "answers">[],
): Mark[][] {
  return annotations.map(({ answers }) => {
    const answer = answers[questionId];
    return answer !== undefined && "marks" in answer ? (answer.marks[letter] ?? []) : [];
  });
}

/** The places of the annotators for whom `letter` was the best in a choice. */
export function choosers(
  questionId: string,
  letter: Letter,
  annotations: readonly Pick<ReviewedAnnotation, "answers">[],
): number[] {
  return annotations.flatMap(({ answers }, place) => {
    const answer = answers[questionId];
    return answer !== undefined && "choice" in answer && answer.choice === letter ? [place] : [];
  });
}
