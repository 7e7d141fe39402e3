/** Marks on an item's images: placed, chosen, moved by mouse or by keys, removed. Pure. */

import { imagePoint, type ImagePoint, ontoImage } from "@/image/geometry";

import {
  type AskedItem,
  type Change,
  type Here,
  type LetGo,
  type Letter,
  lettersOf,
  type Mark,
  type PlaceRef,
  type Question,
  withLetter,
} from "./kind";
import { linkTo } from "./linking";
import { withoutPlace } from "./links";

/** An empty list says that an image has no flaw; an image that is left out, nothing. */
export interface MarksAnswer {
  readonly marks: Readonly<Record<Letter, readonly Mark[]>>;
}

export type MarkRef = PlaceRef;

/** What the keys are about, over all marks questions of the item. */
export interface MarksCursor {
  readonly selected: MarkRef | null;
  readonly crosshair: { readonly letter: Letter; readonly at: ImagePoint } | null;
}

export type MarksAction =
  | { readonly type: "none" }
  /** `byKeys`: placed by the crosshair, which stays. */
  | { readonly type: "mark"; readonly letter: Letter; readonly at: ImagePoint; readonly byKeys?: true }
  | { readonly type: "select"; readonly mark: MarkRef | null }
  | { readonly type: "cycle"; readonly by: 1 | -1 }
  | { readonly type: "move"; readonly mark: MarkRef; readonly to: ImagePoint; readonly first: boolean }
  | { readonly type: "drop"; readonly mark: MarkRef }
  | { readonly type: "remove" }
  | { readonly type: "arrow"; readonly dx: number; readonly dy: number; readonly far: boolean }
  | { readonly type: "crosshair" };

export type MarksHere = Here<MarksAnswer, MarksCursor>;
type MarksChange = Change<MarksAnswer, MarksCursor>;

const NOTHING: MarksCursor = { selected: null, crosshair: null };
/** Arrows move by screen pixels, so that they are finer the closer one looks. */
const NEAR_PX = 1;
const FAR_PX = 10;
/** A screen pixel where nobody knows how the image is seen. */
const SOME_PIXEL: Mark = { x: 0.001, y: 0.001 };

export function marksOf(item: AskedItem, question: string): MarksAnswer["marks"] {
  return (item.answers[question] as MarksAnswer | undefined)?.marks ?? {};
}

export function cursorOf(item: AskedItem): MarksCursor {
  return (item.cursors.marks as MarksCursor | undefined) ?? NOTHING;
}

export function marksQuestions(questions: readonly Question[]): readonly Question[] {
  return questions.filter(({ type }) => type === "marks");
}

export function step(here: MarksHere, action: MarksAction): MarksChange | null {
  const { item, answer } = here;
  const cursor = here.cursor ?? NOTHING;
  switch (action.type) {
    case "none": {
      const lists = lettersOf(item).map((letter): [Letter, readonly Mark[]] => [
        letter,
        answer?.marks[letter] ?? [],
      ]);
      return { answer: { marks: Object.fromEntries(lists) }, cursor: NOTHING, completes: true };
    }
    case "mark":
      return lettersOf(item).includes(action.letter) ? added(here, action) : null;
    case "select":
      return selected(item, action.mark);
    case "cycle":
      return { cursor: { selected: cycled(item, action.by), crosshair: null } };
    case "crosshair":
      return { cursor: { selected: null, crosshair: onNextImage(item, cursor.crosshair) } };
    case "move":
      return moved(item, action.mark, action.to, !action.first);
    case "drop":
      return dropped(item, action.mark);
    case "remove":
      return cursor.selected && dropped(item, cursor.selected);
    case "arrow":
      return cursor.selected && !cursor.crosshair
        ? nudged(here, cursor.selected, action)
        : { cursor: { ...cursor, crosshair: steered(here, cursor, action) } };
  }
}

/** While words are tied to places, the one that is pressed is the word's. */
function selected(item: AskedItem, mark: MarkRef | null): MarksChange {
  const cursor = { selected: mark, crosshair: null };
  const linked = mark && linkTo(item, mark);
  return linked ? { ...linked, answer: linked.answer as MarksAnswer, cursor } : { cursor };
}

/** What is left of the cursor when something else happens. */
export function letGo(cursor: MarksCursor, why: LetGo): MarksCursor {
  if (why === "moved") return cursor.crosshair ? { ...cursor, crosshair: null } : cursor;
  if (why === "undone") return cursor.selected ? { ...cursor, selected: null } : cursor;
  return cursor.crosshair || cursor.selected ? NOTHING : cursor;
}

/** Enter places a mark where the crosshair is. */
export function confirm({ cursor }: MarksHere): MarksAction | null {
  return cursor?.crosshair ? { type: "mark", ...cursor.crosshair, byKeys: true } : null;
}

function added(
  { question, answer, cursor }: MarksHere,
  { letter, at, byKeys }: Extract<MarksAction, { type: "mark" }>,
): MarksChange {
  const before = answer?.marks ?? {};
  const marks = [...(before[letter] ?? []), toMark(at)];
  return {
    answer: { marks: { ...before, [letter]: marks } },
    cursor: {
      selected: { question: question.id, letter, index: marks.length - 1 },
      crosshair: byKeys ? (cursor?.crosshair ?? null) : null,
    },
  };
}

function dropped(item: AskedItem, mark: MarkRef): MarksChange | null {
  const all = marksOf(item, mark.question);
  const marks = all[mark.letter] ?? [];
  if (!marks[mark.index]) return null;
  const left = marks.filter((_, index) => index !== mark.index);
  // The last mark gone means "no answer yet", not "no flaw": that has its own key.
  const rest = withLetter(all, mark.letter, left.length > 0 ? left : null);
  const selected = left.length > 0 ? { ...mark, index: left.length - 1 } : null;
  return {
    question: mark.question,
    answer: rest && { marks: rest },
    cursor: { ...cursorOf(item), selected },
    keepsFocus: true,
    tidy: (answers) => withoutPlace(item.questions, answers, mark),
  };
}

/** A drag is one change: undo takes the mark back to where it was picked up. */
function moved(
  item: AskedItem,
  mark: MarkRef,
  to: ImagePoint,
  continues: boolean,
): MarksChange | null {
  const all = marksOf(item, mark.question);
  const marks = all[mark.letter] ?? [];
  if (!marks[mark.index]) return null;
  const next = marks.map((old, index) => (index === mark.index ? toMark(to) : old));
  return {
    question: mark.question,
    answer: { marks: { ...all, [mark.letter]: next } },
    continues,
    keepsFocus: true,
  };
}

interface Arrow {
  readonly dx: number;
  readonly dy: number;
  readonly far: boolean;
}

function nudged({ item, pixels }: MarksHere, mark: MarkRef, arrow: Arrow): MarksChange | null {
  const at = marksOf(item, mark.question)[mark.letter]?.[mark.index];
  const by = offsetOf(arrow, pixels?.[mark.letter]);
  return at ? moved(item, mark, imagePoint(at.x + by.x, at.y + by.y), false) : null;
}

function offsetOf({ dx, dy, far }: Arrow, pixel: Mark = SOME_PIXEL): Mark {
  const px = far ? FAR_PX : NEAR_PX;
  return { x: dx * px * pixel.x, y: dy * px * pixel.y };
}

/** The first arrow brings the crosshair, the others move it: over an image's side to the next one. */
function steered(
  { item, pixels }: MarksHere,
  { crosshair }: MarksCursor,
  arrow: Arrow,
): MarksCursor["crosshair"] {
  if (!crosshair) return onNextImage(item, null);
  const by = offsetOf(arrow, pixels?.[crosshair.letter]);
  const to = imagePoint(crosshair.at.x + by.x, crosshair.at.y + by.y);
  const { order } = item.assignment.shown;
  const beside = order[order.indexOf(crosshair.letter) + arrow.dx];
  if (beside === undefined || (to.x >= 0 && to.x <= 1)) return { ...crosshair, at: ontoImage(to) };
  return { letter: beside, at: imagePoint(arrow.dx > 0 ? 0 : 1, crosshair.at.y) };
}

/** In the middle of the first image, then of the next one; null after the last. */
function onNextImage(
  { assignment }: AskedItem,
  crosshair: MarksCursor["crosshair"],
): MarksCursor["crosshair"] {
  const { order } = assignment.shown;
  const letter = order[crosshair ? order.indexOf(crosshair.letter) + 1 : 0];
  return letter === undefined ? null : { letter, at: imagePoint(0.5, 0.5) };
}

/** The mark after the selected one; null after the last, so that Tab can go on to the page. */
export function cycled(item: AskedItem, by: 1 | -1): MarkRef | null {
  const marks = allMarks(item);
  const { selected } = cursorOf(item);
  const now = marks.findIndex((mark) => selected !== null && isSame(mark, selected));
  if (now === -1) return marks.at(by === 1 ? 0 : -1) ?? null;
  return marks[now + by] ?? null;
}

export function isSame(one: MarkRef, other: MarkRef): boolean {
  return (
    one.question === other.question && one.letter === other.letter && one.index === other.index
  );
}

/** All marks in a row, for going round them. */
function allMarks(item: AskedItem): readonly MarkRef[] {
  return marksQuestions(item.questions).flatMap(({ id }) =>
    item.assignment.shown.order.flatMap((letter) =>
      (marksOf(item, id)[letter] ?? []).map((_, index) => ({ question: id, letter, index })),
    ),
  );
}

function toMark(point: ImagePoint): Mark {
  const { x, y } = ontoImage(point);
  // Five digits are a hundredth of a pixel of a 1,000-pixel image.
  return { x: Math.round(x * 1e5) / 1e5, y: Math.round(y * 1e5) / 1e5 };
}
