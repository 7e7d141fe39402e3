/** The questions of a custom project while they are written; pure. */

import type { Schemas } from "@/api/client";

export interface Draft {
  /** For the list on the page only. */
  key: number;
  type: Schemas["QuestionType"];
  id: string;
  /** The id was typed by hand, so a new title no longer changes it. */
  idTyped: boolean;
  title: string;
  help: string;
  required: boolean;
  lowest: number;
  highest: number;
  /** One flag a line. */
  flags: string;
}

type QuestionType = Schemas["QuestionType"];

/** What each kind of question is composed of besides its words, in the order of the menu. */
const PARTS: Readonly<Record<QuestionType, "scale" | "options" | null>> = {
  preference: null,
  ranking: null,
  rating: "scale",
  marks: null,
  words: null,
  flags: "options",
  pick: null,
  comment: null,
};

export const QUESTION_TYPES = Object.keys(PARTS) as readonly QuestionType[];

export function hasScale({ type }: Pick<Draft, "type">): boolean {
  return PARTS[type] === "scale";
}

export function hasOptions({ type }: Pick<Draft, "type">): boolean {
  return PARTS[type] === "options";
}

export type DraftProblem =
  | "id_missing"
  | "id_form"
  | "id_twice"
  | "title"
  | "scale"
  | "options"
  | "options_twice";

const ID = /^[a-z][a-z0-9_]*$/;
const LONGEST_ID = 50;

export function newDraft(key: number, type: Schemas["QuestionType"] = "rating"): Draft {
  return {
    key,
    type,
    id: "",
    idTyped: false,
    title: "",
    help: "",
    required: true,
    lowest: 1,
    highest: 5,
    flags: "",
  };
}

/** A changed title proposes an id until one is typed by hand. */
export function changed(draft: Draft, more: Partial<Draft>): Draft {
  const next = { ...draft, ...more };
  if (more.id !== undefined) return { ...next, idTyped: more.id !== "" };
  return next.idTyped || more.title === undefined ? next : { ...next, id: idFrom(next.title) };
}

/** "Hands & faces" → "hands_faces"; "" when nothing of the title can stand in an id. */
export function idFrom(title: string): string {
  return title
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "")
    .slice(0, LONGEST_ID);
}

/** The first thing to mend in each draft, by the draft's key. */
export function problems(drafts: readonly Draft[]): Map<number, DraftProblem> {
  const found = new Map<number, DraftProblem>();
  for (const draft of drafts) {
    const problem = problemOf(draft, drafts);
    if (problem !== null) found.set(draft.key, problem);
  }
  return found;
}

function problemOf(draft: Draft, all: readonly Draft[]): DraftProblem | null {
  if (draft.title.trim() === "") return "title";
  if (draft.id === "") return "id_missing";
  if (!ID.test(draft.id) || draft.id.length > LONGEST_ID) return "id_form";
  if (all.some((other) => other.key !== draft.key && other.id === draft.id)) return "id_twice";
  if (hasScale(draft) && !(draft.highest > draft.lowest)) return "scale";
  if (!hasOptions(draft)) return null;
  const ids = flagOptions(draft.flags).map((option) => option.id);
  if (ids.length === 0) return "options";
  return new Set(ids).size < ids.length ? "options_twice" : null;
}

/** One flag a line; what can't stand in an id gets a number. */
function flagOptions(lines: string): { id: string; title: string }[] {
  return lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((title, index) => ({ id: idFrom(title) || `flag_${index + 1}`, title }));
}

/** As the server takes it. */
export function toQuestion(draft: Draft, position: number): Schemas["NewQuestionRequest"] {
  return {
    id: draft.id,
    type: draft.type,
    title: draft.title.trim(),
    help: draft.help.trim(),
    required: draft.required,
    position,
    scale: hasScale(draft) ? { min: draft.lowest, max: draft.highest } : null,
    options: hasOptions(draft) ? flagOptions(draft.flags) : [],
  };
}

/** The list with one draft a place up (−1) or down (1); unchanged at the ends. */
export function moved(drafts: readonly Draft[], index: number, by: 1 | -1): Draft[] {
  const other = drafts[index + by];
  const one = drafts[index];
  if (one === undefined || other === undefined) return [...drafts];
  return drafts.map((draft, place) => (place === index ? other : place === index + by ? one : draft));
}
