/** The questions of a custom project while they are written; pure. */

import type { Schemas } from "@/api/client";
import type { Question, QuestionType } from "@/questions/kind";
import { inTree, pathOf } from "@/questions/optionTree";

/** A flag, a class or a flaw that a question offers. `key`: for the list on the page only. */
export interface OptionDraft {
  readonly key: number;
  readonly id: string;
  readonly idTyped: boolean;
  readonly title: string;
  readonly titleZh: string;
  /** How far down the tree: it lies under the nearest one above it that is less far down. */
  readonly depth: number;
}

export interface Draft {
  readonly key: number;
  readonly type: QuestionType;
  readonly id: string;
  /** The id was typed by hand, or is known already: a new title no longer changes it. */
  readonly idTyped: boolean;
  readonly title: string;
  readonly titleZh: string;
  readonly help: string;
  readonly helpZh: string;
  readonly required: boolean;
  readonly lowest: number;
  readonly highest: number;
  readonly halfPoints: boolean;
  readonly na: boolean;
  readonly unsure: boolean;
  readonly spans: boolean;
  readonly links: boolean;
  /** Of a rating the words at points of its scale. */
  readonly anchors: Anchors;
  readonly options: readonly OptionDraft[];
  /** The key of the draft whose picked image it is about. */
  readonly about: number | null;
  /** The question as it is asked now; null: it is new. */
  readonly asked: Question | null;
}

/** The words at a point of a scale, by its number. */
export type Anchors = Readonly<Record<number, { readonly title: string; readonly titleZh: string }>>;

interface Parts {
  /** It rates: points, halves of them, words at them, and that it does not apply. */
  readonly scale?: true;
  /** It is about words, of which one may be not sure. */
  readonly words?: true;
  /** Its scale counts steps from 1: the fewest and the most. */
  readonly steps?: readonly [fewest: number, most: number];
  /** What it offers: flags, any number of which may be set; classes, one of which it is; flaws of regions. */
  readonly options?: "flag" | "class" | "flaw";
  /** What it offers may be a tree. */
  readonly tree?: true;
  /** It may be about the image that another question picks. */
  readonly about?: true;
  readonly picks?: true;
  readonly images?: readonly [fewest: number, most: number];
}

const MOST_IMAGES = 9;

/** What each kind of question is composed of besides its words, in the order of the menu. */
const PARTS: Readonly<Record<QuestionType, Parts>> = {
  preference: { images: [2, 2] },
  graded: { images: [2, 2], steps: [4, 7] },
  ranking: { images: [2, MOST_IMAGES] },
  best_worst: { images: [3, MOST_IMAGES] },
  rating: { scale: true },
  marks: {},
  words: { words: true },
  regions: { options: "flaw", tree: true },
  flags: { options: "flag", tree: true, about: true },
  reasons: { options: "flag" },
  label: { options: "class" },
  checklist: { images: [1, 1] },
  pick: { picks: true },
  comment: {},
};

export const QUESTION_TYPES = Object.keys(PARTS) as readonly QuestionType[];

export function partsOf({ type }: Pick<Draft, "type">): Parts {
  return PARTS[type];
}

/** How many images the items of these questions may have. */
export function imageBounds(drafts: readonly Draft[]): { fewest: number; most: number } {
  const bounds = drafts.map((draft) => partsOf(draft).images ?? [1, MOST_IMAGES]);
  const fewest = Math.max(1, ...bounds.map(([least]) => least));
  return { fewest, most: Math.max(fewest, Math.min(MOST_IMAGES, ...bounds.map(([, top]) => top))) };
}

/** The drafts before this one whose picked image it may be about. */
export function picksBefore(drafts: readonly Draft[], draft: Draft): readonly Draft[] {
  return drafts.slice(0, drafts.indexOf(draft)).filter((one) => partsOf(one).picks);
}

const LONGEST_ID = 50;
const SHORT_SCALE = 10;
const LONGEST_SCALE = 100;

export function newDraft(drafts: readonly Draft[], type: QuestionType = "rating"): Draft {
  const draft: Draft = {
    key: nextKey(drafts),
    type,
    id: "",
    idTyped: false,
    title: "",
    titleZh: "",
    help: "",
    helpZh: "",
    required: true,
    lowest: 1,
    highest: 5,
    halfPoints: false,
    na: false,
    unsure: false,
    spans: false,
    links: false,
    anchors: {},
    options: [newOption([])],
    about: null,
    asked: null,
  };
  return { ...draft, id: freeId(type, drafts) };
}

export function newOption(options: readonly OptionDraft[]): OptionDraft {
  return { key: nextKey(options), id: freeId("flag", options), idTyped: false, title: "", titleZh: "", depth: 0 };
}

/** The deepest that an option lies: three levels. */
const DEEPEST = 2;

/** Whether it may go one further in or out. */
export function canGo(options: readonly OptionDraft[], option: OptionDraft, by: 1 | -1): boolean {
  const above = options[options.indexOf(option) - 1];
  const depth = option.depth + by;
  return by === -1 ? depth >= 0 : above !== undefined && depth <= Math.min(DEEPEST, above.depth + 1);
}

/** An option one further in or out, and what lies under it with it. */
export function indented(options: readonly OptionDraft[], option: OptionDraft, by: 1 | -1): OptionDraft[] {
  const from = options.indexOf(option);
  const after = options.findIndex(({ depth }, place) => place > from && depth <= option.depth);
  const end = after === -1 ? options.length : after;
  return held(options.map((one, place) => (place >= from && place < end ? { ...one, depth: one.depth + by } : one)));
}

export function withoutOption(options: readonly OptionDraft[], option: OptionDraft): OptionDraft[] {
  return held(options.filter((one) => one !== option));
}

/** None is further in than one under the one above it. */
function held(options: readonly OptionDraft[]): OptionDraft[] {
  return options.reduce<OptionDraft[]>((all, option) => {
    const most = Math.min(DEEPEST, (all.at(-1)?.depth ?? -1) + 1);
    return [...all, { ...option, depth: Math.min(option.depth, most) }];
  }, []);
}

/** The place of the option that one lies under; -1: it is at the top. */
function placeAbove(options: readonly OptionDraft[], place: number): number {
  const { depth = 0 } = options[place] ?? {};
  return options.findLastIndex((one, other) => other < place && one.depth < depth);
}

function nextKey(list: readonly { key: number }[]): number {
  return Math.max(-1, ...list.map(({ key }) => key)) + 1;
}

/** Questions as they are asked, to be written on. */
export function draftsOf(questions: readonly Question[]): Draft[] {
  const keys = new Map(questions.map(({ id }, key) => [id, key]));
  return questions.map((question, key) => ({
    key,
    type: question.type,
    id: question.id,
    idTyped: true,
    title: question.title,
    titleZh: question.title_zh,
    help: question.help,
    helpZh: question.help_zh,
    required: question.required,
    lowest: question.scale?.min ?? 1,
    highest: question.scale?.max ?? 5,
    halfPoints: question.half_points,
    na: question.na,
    unsure: question.unsure,
    spans: question.spans,
    links: question.links,
    anchors: partsOf(question).scale
      ? Object.fromEntries(
          question.options.map(({ id, title, title_zh }) => [id, { title, titleZh: title_zh }]),
        )
      : {},
    options: inTree(question.options).map(({ id, title, title_zh }, place) => ({
      key: place,
      id,
      idTyped: true,
      title,
      titleZh: title_zh,
      depth: pathOf(question.options, id).length - 1,
    })),
    about: keys.get(question.about ?? "") ?? null,
    asked: question,
  }));
}

/**
 * The list with one draft changed. A title proposes an id until one is typed by hand. `begun`: what
 * is asked otherwise than before gets an id of its own, and its old one back when it is as before.
 */
export function withChange(
  drafts: readonly Draft[],
  draft: Draft,
  more: Partial<Draft>,
  begun: boolean,
): Draft[] {
  const others = drafts.filter((one) => one !== draft);
  let next: Draft = { ...draft, ...more };
  if (more.id !== undefined) next = { ...next, idTyped: true };
  else if (next.asked && begun) {
    const same = isSame(next, next.asked, drafts);
    next = { ...next, id: same ? next.asked.id : freeId(next.asked.id, others, [next.asked.id]) };
  } else if (!next.idTyped) next = { ...next, id: freeId(idFrom(next.title) || next.type, others) };
  return drafts.map((one) => (one === draft ? next : one));
}

/** Whether it asks what it asked, in whatever words. */
function isSame(draft: Draft, asked: Question, drafts: readonly Draft[]): boolean {
  const now = toQuestion({ ...draft, id: asked.id }, 0, drafts);
  const meaning = ({ type, required, scale, half_points, na, unsure, spans, links, options, about }: typeof now | Question) =>
    JSON.stringify([
      type, required, scale, half_points, na, unsure, spans, links, about ?? null,
      inTree((options ?? []).map(({ id, parent = "" }) => ({ id, parent }))),
    ]);
  return meaning(now) === meaning(asked);
}

export function withOption(draft: Draft, option: OptionDraft, more: Partial<OptionDraft>): Partial<Draft> {
  const others = draft.options.filter((one) => one !== option);
  let next: OptionDraft = { ...option, ...more };
  if (more.id !== undefined) next = { ...next, idTyped: true };
  else if (!next.idTyped) next = { ...next, id: freeId(idFrom(next.title) || "flag", others) };
  return { options: draft.options.map((one) => (one === option ? next : one)) };
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

/** The id itself, or with the first number at its end that nobody has. */
function freeId(id: string, others: readonly { id: string }[], taken: readonly string[] = []): string {
  const used = new Set([...others.map((one) => one.id), ...taken]);
  for (let number = 1; ; number++) {
    const proposed = number === 1 ? id : `${id.slice(0, LONGEST_ID - 4)}_${number}`;
    if (!used.has(proposed)) return proposed;
  }
}

/** As the server takes it. */
export function toQuestion(
  draft: Draft,
  position: number,
  drafts: readonly Draft[],
): Schemas["NewQuestionRequest"] {
  const { scale, steps, words, options, tree, about } = partsOf(draft);
  const picked = picksBefore(drafts, drafts.find(({ key }) => key === draft.key) ?? draft);
  return {
    id: draft.id,
    type: draft.type,
    title: draft.title.trim(),
    help: draft.help.trim(),
    title_zh: draft.titleZh.trim(),
    help_zh: draft.helpZh.trim(),
    required: draft.required,
    position,
    scale: scale || steps ? scaleOf(draft) : null,
    half_points: scale === true && draft.halfPoints,
    na: scale === true && draft.na,
    unsure: words === true && draft.unsure,
    spans: words === true && draft.spans,
    links: words === true && draft.links,
    options: scale
      ? anchorsOf(draft)
      : options
      ? draft.options.map(({ id, title, titleZh }, place) => ({
          id,
          title: title.trim(),
          title_zh: titleZh.trim(),
          parent: (tree && draft.options[placeAbove(draft.options, place)]?.id) ?? "",
        }))
      : [],
    about: (about && picked.find(({ key }) => key === draft.about)?.id) ?? null,
  };
}

/** Of a long scale its ends and quarters may have words, of another every point. */
export function anchorPoints({ lowest, highest, anchors }: Draft): number[] {
  const length = highest - lowest;
  if (!(length > 0) || length > LONGEST_SCALE) return [];
  const points =
    length <= SHORT_SCALE
      ? Array.from({ length: length + 1 }, (_, more) => lowest + more)
      : [0, 1, 2, 3, 4].map((quarter) => Math.round(lowest + (length * quarter) / 4));
  const own = Object.keys(anchors).map(Number).filter((point) => point >= lowest && point <= highest);
  return [...new Set([...points, ...own])].sort((one, other) => one - other);
}

function anchorsOf(draft: Draft) {
  return anchorPoints(draft).flatMap((point) => {
    const { title = "", titleZh = "" } = draft.anchors[point] ?? {};
    const words = { id: `${point}`, title: title.trim(), title_zh: titleZh.trim() };
    return words.title || words.title_zh ? [words] : [];
  });
}

/** Of steps those that there can be, whatever the draft was before. */
function scaleOf(draft: Draft): { min: number; max: number } {
  const { steps } = partsOf(draft);
  if (!steps) return { min: draft.lowest, max: draft.highest };
  const [fewest, most] = steps;
  return { min: 1, max: draft.highest >= fewest && draft.highest <= most ? draft.highest : most - 1 };
}

/** As the desk takes it, whatever is still wrong with it. */
export function toPreview(drafts: readonly Draft[]): readonly Question[] {
  return drafts.map((draft, position) => {
    const { scale, half_points = false, na = false, unsure = false, spans = false, links = false, options, about } =
      toQuestion(draft, position, drafts);
    const rates = partsOf(draft).scale === true;
    return {
      id: `${draft.key}`,
      type: draft.type,
      title: draft.title || draft.id,
      help: draft.help,
      title_zh: draft.titleZh,
      help_zh: draft.helpZh,
      required: draft.required,
      position,
      scale: scale ? previewScale(scale) : null,
      half_points,
      na,
      unsure,
      spans,
      links,
      options: (options ?? []).map(({ id, title = "", title_zh = "" }, place) => {
        const above = partsOf(draft).tree ? placeAbove(draft.options, place) : -1;
        return {
          id: rates ? id : `${place}`,
          title: title || (rates ? "" : id),
          title_zh,
          parent: above === -1 ? "" : `${above}`,
        };
      }),
      about: about === null || about === undefined ? null : `${draft.about}`,
      since: 1,
      until: null,
    };
  });
}

/** Enough grades to be answered, and no more than can be drawn. */
function previewScale({ min, max }: { min: number; max: number }): { min: number; max: number } {
  const low = Number.isFinite(min) ? Math.trunc(min) : 1;
  const high = Number.isFinite(max) ? Math.trunc(max) : low + 1;
  return { min: low, max: Math.min(Math.max(high, low + 1), low + 100) };
}

/** The list with one draft at another place. */
export function moved(drafts: readonly Draft[], from: number, to: number): Draft[] {
  const one = drafts[from];
  if (one === undefined || to < 0 || to >= drafts.length) return [...drafts];
  return drafts.toSpliced(from, 1).toSpliced(to, 0, one);
}
