/**
 * Regions of an item's images: drawn by box, brush, lasso and eraser or by keys, chosen, said to be
 * of another flaw, removed. Pure.
 */

import { imagePoint, type ImagePoint, ontoImage, type ScreenPoint } from "@/image/geometry";

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
import { pathOf, under } from "./optionTree";
import { covers, isEmpty } from "./regionRaster";

/** Fractions of the image's width and height from its top left. */
export type Point = readonly [x: number, y: number];

/** They apply in order. A radius is a fraction of the image's height. */
export type Stroke =
  | { readonly tool: "brush" | "erase"; readonly radius: number; readonly points: readonly Point[] }
  | { readonly tool: "lasso"; readonly points: readonly Point[] };

interface Flawed {
  /** The flaw's id; "": it is still to be said. */
  readonly flaw: string;
}
export type Region = Flawed &
  (
    | { readonly box: readonly [x: number, y: number, width: number, height: number] }
    | { readonly strokes: readonly Stroke[] }
  );

/** An empty list says that an image has no flaw; an image that is left out, nothing. */
export interface RegionsAnswer {
  readonly regions: Readonly<Record<Letter, readonly Region[]>>;
}

export type RegionRef = PlaceRef;

export const TOOLS = ["box", "brush", "lasso", "erase"] as const;
export type Tool = (typeof TOOLS)[number];

export type Grip = Pick<RegionsCursor, "tool" | "radius">;

/** What is in the hand, over all regions questions of the item; nothing of it is an answer. */
export interface RegionsCursor {
  /** Null: a press chooses. */
  readonly tool: Tool | null;
  readonly radius: number;
  /** By question the flaw of what is drawn next. */
  readonly next: Readonly<Record<string, string>>;
  /** The option whose children the digits choose among; "": those at the top. */
  readonly level: string;
  readonly selected: RegionRef | null;
  /** It was chosen elsewhere than on the image, so it is brought into sight. */
  readonly sought: boolean;
  /** `corner`: where a box by keys began. */
  readonly crosshair: { readonly letter: Letter; readonly at: ImagePoint; readonly corner: ImagePoint | null } | null;
  readonly hidden: boolean;
}

export type RegionsAction =
  | { readonly type: "none" }
  | { readonly type: "tool"; readonly tool: Tool }
  | { readonly type: "size"; readonly by: 1 | -1 }
  /** What was in the hand at the item before. */
  | ({ readonly type: "take" } & Grip)
  | { readonly type: "flaw"; readonly flaw: string }
  | { readonly type: "level"; readonly into: boolean }
  | { readonly type: "box"; readonly letter: Letter; readonly from: ImagePoint; readonly to: ImagePoint }
  | { readonly type: "stroke"; readonly letter: Letter; readonly stroke: Stroke }
  | { readonly type: "select"; readonly region: RegionRef | null; readonly sought: boolean }
  | { readonly type: "cycle"; readonly by: 1 | -1 }
  | { readonly type: "remove" }
  | { readonly type: "crosshair" }
  | { readonly type: "arrow"; readonly dx: number; readonly dy: number; readonly far: boolean }
  | { readonly type: "corner" }
  | { readonly type: "hide"; readonly held: boolean };

export type RegionsHere = Here<RegionsAnswer, RegionsCursor>;
type RegionsChange = Change<RegionsAnswer, RegionsCursor>;

export const BEGINNING: RegionsCursor = {
  tool: "box",
  radius: 0.03,
  next: {},
  level: "",
  selected: null,
  sought: false,
  crosshair: null,
  hidden: false,
};

/** The server takes no more. */
export const MOST = { regions: 50, strokes: 200, points: 5000 } as const;
const RADII = { smallest: 0.002, largest: 0.25, step: 1.25 } as const;
/** Arrows move by screen pixels, so that they are finer the closer one looks. */
const NEAR_PX = 1;
const FAR_PX = 10;
/** A screen pixel where nobody knows how the image is seen. */
const SOME_PIXEL: Mark = { x: 0.001, y: 0.001 };

export function regionsOf(item: AskedItem, question: string): RegionsAnswer["regions"] {
  return (item.answers[question] as RegionsAnswer | undefined)?.regions ?? {};
}

export function cursorOf(item: AskedItem): RegionsCursor {
  return (item.cursors.regions as RegionsCursor | undefined) ?? BEGINNING;
}

export function regionsQuestions(questions: readonly Question[]): readonly Question[] {
  return questions.filter(({ type }) => type === "regions");
}

export function regionAt(item: AskedItem, { question, letter, index }: RegionRef): Region | undefined {
  return regionsOf(item, question)[letter]?.[index];
}

/** The chosen region, as long as it is there: an undo may have taken it. */
export function selectedOf(item: AskedItem): RegionRef | null {
  const { selected } = cursorOf(item);
  return selected && regionAt(item, selected) ? selected : null;
}

/** The flaw of what is drawn next; "": it is said afterwards. */
export function nextFlaw({ id, options }: Question, { next }: RegionsCursor): string {
  const [only] = options;
  return only && options.length === 1 ? only.id : (next[id] ?? "");
}

export function step(here: RegionsHere, action: RegionsAction): RegionsChange | null {
  const { item, answer, question } = here;
  const cursor = cursorOf(item);
  const set = (more: Partial<RegionsCursor>): RegionsChange => ({ cursor: { ...cursor, ...more } });
  switch (action.type) {
    case "none": {
      const lists = lettersOf(item).map((letter): [Letter, readonly Region[]] => [
        letter,
        answer?.regions[letter] ?? [],
      ]);
      return { answer: { regions: Object.fromEntries(lists) }, completes: true };
    }
    case "tool":
      return set({ tool: cursor.tool === action.tool ? null : action.tool, crosshair: null });
    case "size":
      return set({ radius: resized(cursor.radius, action.by) });
    case "take":
      return { ...set({ tool: action.tool, radius: action.radius }), keepsFocus: true };
    case "flaw":
      return flawed(here, cursor, action.flaw);
    case "level":
      return set({ level: action.into ? levelInto(item, question, cursor) : levelOut(question, cursor) });
    case "box": {
      const box = boxOf(action.from, action.to);
      if (!box) return null;
      return added(here, cursor, action.letter, { flaw: nextFlaw(question, cursor), box });
    }
    case "stroke":
      return drawn(here, cursor, action.letter, action.stroke);
    case "select":
      return selected(item, cursor, action);
    case "cycle":
      return set({ selected: cycled(item, action.by), sought: true, crosshair: null, level: "" });
    case "remove": {
      const selected = selectedOf(item);
      return selected && without(item, cursor, selected);
    }
    case "crosshair":
      return set({ crosshair: onNextImage(item, cursor.crosshair), sought: false });
    case "arrow":
      return cursor.crosshair && set({ crosshair: steered(here, cursor.crosshair, action) });
    case "corner": {
      const { crosshair } = cursor;
      if (!crosshair) return null;
      if (!crosshair.corner) return set({ crosshair: { ...crosshair, corner: crosshair.at } });
      const { letter, at, corner } = crosshair;
      const done = { ...cursor, crosshair: { letter, at, corner: null } };
      const box = boxOf(corner, at);
      return box && added(here, done, letter, { flaw: nextFlaw(question, cursor), box });
    }
    case "hide":
      return set({ hidden: action.held });
  }
}

/** While words are tied to places, the region that is pressed is the word's. */
function selected(
  item: AskedItem,
  before: RegionsCursor,
  { region, sought }: Extract<RegionsAction, { type: "select" }>,
): RegionsChange {
  const cursor: RegionsCursor = { ...before, selected: region, sought, crosshair: null, level: "" };
  const linked = region && linkTo(item, region);
  return linked ? { ...linked, answer: linked.answer as RegionsAnswer, cursor } : { cursor };
}

/** What is left in the hand when something else happens. */
export function letGo(cursor: RegionsCursor, why: LetGo): RegionsCursor {
  const { crosshair, selected, level } = cursor;
  if (why === "undone") return cursor;
  if (why === "moved") {
    return crosshair || selected || level
      ? { ...cursor, crosshair: null, selected: null, level: "" }
      : cursor;
  }
  if (crosshair?.corner) return { ...cursor, crosshair: { ...crosshair, corner: null } };
  if (crosshair) return { ...cursor, crosshair: null };
  return selected || level ? { ...cursor, selected: null, level: "" } : cursor;
}

/** Enter sets a corner of a box by keys; else it leads to a region whose flaw is still to be said. */
export function confirm({ item, question, answer, cursor }: RegionsHere): RegionsAction | null {
  if (cursor?.crosshair) return { type: "corner" };
  const open = refsOf(question.id, answer?.regions ?? {}, item).find(
    (region) => regionAt(item, region)?.flaw === "",
  );
  return open ? { type: "select", region: open, sought: true } : null;
}

export function isDone({ item, answer }: RegionsHere): boolean {
  return lettersOf(item).every((letter) => answer?.regions[letter]?.every(({ flaw }) => flaw !== ""));
}

function added(
  { item, question, answer }: RegionsHere,
  cursor: RegionsCursor,
  letter: Letter,
  region: Region,
): RegionsChange | null {
  const before = answer?.regions ?? {};
  const list = before[letter] ?? [];
  if (!lettersOf(item).includes(letter) || list.length >= MOST.regions) return null;
  return {
    answer: { regions: { ...before, [letter]: [...list, region] } },
    cursor: {
      ...cursor,
      selected: { question: question.id, letter, index: list.length },
      sought: false,
      level: "",
    },
  };
}

/** A stroke goes on with the chosen region; with none chosen it begins one, or erases what it meets. */
function drawn(
  here: RegionsHere,
  cursor: RegionsCursor,
  letter: Letter,
  stroke: Stroke,
): RegionsChange | null {
  const { item, question } = here;
  if (stroke.tool === "lasso" && stroke.points.length < 3) return null;
  const selected = selectedOf(item);
  const mine = selected?.question === question.id && selected.letter === letter ? selected : null;
  const on = mine ?? (stroke.tool === "erase" ? met(item, question, letter, stroke) : null);
  if (on) return extended(item, cursor, on, stroke);
  if (stroke.tool === "erase") return null;
  return added(here, cursor, letter, { flaw: nextFlaw(question, cursor), strokes: [stroke] });
}

function extended(
  item: AskedItem,
  cursor: RegionsCursor,
  ref: RegionRef,
  stroke: Stroke,
): RegionsChange | null {
  const before = regionAt(item, ref);
  const image = item.assignment.item.images.find(({ letter }) => letter === ref.letter);
  if (!before || !image) return null;
  const strokes = [...strokesOf(before), stroke];
  const points = strokes.reduce((count, one) => count + one.points.length, 0);
  if (strokes.length > MOST.strokes || points > MOST.points) return null;
  const region: Region = { flaw: before.flaw, strokes };
  if (stroke.tool === "erase" && isEmpty(region, image)) return without(item, cursor, ref);
  return {
    question: ref.question,
    answer: { regions: withRegion(regionsOf(item, ref.question), ref, region) },
    cursor: { ...cursor, selected: ref, sought: false },
  };
}

/** A box that is drawn on is a lasso around its corners from then on. */
function strokesOf(region: Region): readonly Stroke[] {
  if ("strokes" in region) return region.strokes;
  const [x, y, width, height] = region.box;
  const [right, bottom] = [rounded(x + width), rounded(y + height)];
  return [{ tool: "lasso", points: [[x, y], [right, y], [right, bottom], [x, bottom]] }];
}

/** The topmost region that a stroke's points meet. */
function met(item: AskedItem, question: Question, letter: Letter, { points }: Stroke): RegionRef | null {
  const image = item.assignment.item.images.find((one) => one.letter === letter);
  const list = regionsOf(item, question.id)[letter] ?? [];
  const index = list.findLastIndex(
    (region) => image && points.some(([x, y]) => covers(region, { x, y }, image)),
  );
  return index === -1 ? null : { question: question.id, letter, index };
}

function withRegion(
  all: RegionsAnswer["regions"],
  { letter, index }: RegionRef,
  region: Region,
): RegionsAnswer["regions"] {
  return { ...all, [letter]: (all[letter] ?? []).map((old, place) => (place === index ? region : old)) };
}

function without(item: AskedItem, cursor: RegionsCursor, ref: RegionRef): RegionsChange {
  const all = regionsOf(item, ref.question);
  const left = (all[ref.letter] ?? []).filter((_, index) => index !== ref.index);
  // The last region gone means "no answer yet", not "no flaw": that has its own key.
  const rest = withLetter(all, ref.letter, left.length > 0 ? left : null);
  return {
    question: ref.question,
    answer: rest && { regions: rest },
    cursor: { ...cursor, selected: null, level: "" },
    keepsFocus: true,
    tidy: (answers) => withoutPlace(item.questions, answers, ref),
  };
}

/** The chosen region is of this flaw, and so is what is drawn next. */
function flawed({ item, question }: RegionsHere, cursor: RegionsCursor, flaw: string): RegionsChange | null {
  const { options } = question;
  if (!options.some(({ id }) => id === flaw)) return null;
  const next: RegionsCursor = {
    ...cursor,
    next: { ...cursor.next, [question.id]: flaw },
    level: under(options, flaw).length > 0 ? flaw : cursor.level,
  };
  const selected = selectedOf(item);
  const region = selected?.question === question.id ? regionAt(item, selected) : undefined;
  if (!selected || !region || region.flaw === flaw) return { cursor: next };
  const regions = withRegion(regionsOf(item, question.id), selected, { ...region, flaw });
  return { answer: { regions }, cursor: next };
}

/** Into what lies under the flaw that is chosen. */
function levelInto(item: AskedItem, question: Question, cursor: RegionsCursor): string {
  const selected = selectedOf(item);
  const flaw = (selected && regionAt(item, selected)?.flaw) || nextFlaw(question, cursor);
  return under(question.options, flaw).length > 0 && flaw !== "" ? flaw : cursor.level;
}

function levelOut({ options }: Question, { level }: RegionsCursor): string {
  return pathOf(options, level).at(-2)?.id ?? "";
}

function resized(radius: number, by: 1 | -1): number {
  const next = radius * RADII.step ** by;
  return rounded(Math.min(RADII.largest, Math.max(RADII.smallest, next)));
}

function boxOf(from: ImagePoint, to: ImagePoint): readonly [number, number, number, number] | null {
  const [one, other] = [toPoint(from), toPoint(to)];
  const [x, y] = [Math.min(one[0], other[0]), Math.min(one[1], other[1])];
  const width = rounded(Math.max(one[0], other[0]) - x);
  const height = rounded(Math.max(one[1], other[1]) - y);
  return width > 0 && height > 0 ? [x, y, width, height] : null;
}

function steered(
  { item, pixels }: RegionsHere,
  crosshair: NonNullable<RegionsCursor["crosshair"]>,
  { dx, dy, far }: Extract<RegionsAction, { type: "arrow" }>,
): RegionsCursor["crosshair"] {
  const px = far ? FAR_PX : NEAR_PX;
  const pixel = pixels?.[crosshair.letter] ?? SOME_PIXEL;
  const to = imagePoint(crosshair.at.x + dx * px * pixel.x, crosshair.at.y + dy * px * pixel.y);
  const { order } = item.assignment.shown;
  const beside = order[order.indexOf(crosshair.letter) + dx];
  // A box that is begun ends on its image.
  const stays = crosshair.corner !== null || beside === undefined || (to.x >= 0 && to.x <= 1);
  if (stays) return { ...crosshair, at: ontoImage(to) };
  return { letter: beside, at: imagePoint(dx > 0 ? 0 : 1, crosshair.at.y), corner: null };
}

/** In the middle of the first image, then of the next one; null after the last. */
function onNextImage({ assignment }: AskedItem, crosshair: RegionsCursor["crosshair"]): RegionsCursor["crosshair"] {
  const { order } = assignment.shown;
  const letter = order[crosshair ? order.indexOf(crosshair.letter) + 1 : 0];
  return letter === undefined ? null : { letter, at: imagePoint(0.5, 0.5), corner: null };
}

/** The region after the chosen one; null after the last, so that Tab can go on to the page. */
export function cycled(item: AskedItem, by: 1 | -1): RegionRef | null {
  const all = regionsQuestions(item.questions).flatMap(({ id }) => refsOf(id, regionsOf(item, id), item));
  const selected = selectedOf(item);
  const now = all.findIndex((one) => selected !== null && isSame(one, selected));
  if (now === -1) return all.at(by === 1 ? 0 : -1) ?? null;
  return all[now + by] ?? null;
}

/** A question's regions one after another, in the order in which the images are shown. */
export function refsOf(question: string, regions: RegionsAnswer["regions"], item: AskedItem): RegionRef[] {
  return item.assignment.shown.order.flatMap((letter) =>
    (regions[letter] ?? []).map((_, index) => ({ question, letter, index })),
  );
}

export function isSame(one: RegionRef, other: RegionRef): boolean {
  return (
    one.question === other.question && one.letter === other.letter && one.index === other.index
  );
}

/** Half way between a region's outermost points. */
export function middleOf(region: Region): ImagePoint {
  if ("box" in region) {
    const [x, y, width, height] = region.box;
    return imagePoint(x + width / 2, y + height / 2);
  }
  const points = region.strokes.flatMap(({ tool, points: all }) => (tool === "erase" ? [] : all));
  const [across, down] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const between = (all: number[]) => (Math.min(...all) + Math.max(...all)) / 2;
  return imagePoint(between(across), between(down));
}

function rounded(value: number): number {
  // Five digits are a hundredth of a pixel of a 1,000-pixel image.
  return Math.round(value * 1e5) / 1e5;
}

export function toPoint(point: ImagePoint): Point {
  const { x, y } = ontoImage(point);
  return [rounded(x), rounded(y)];
}

/** A line without the points that it passes within `tolerance` anyway (Douglas and Peucker 1973). */
export function thinned(line: readonly ScreenPoint[], tolerance: number): readonly ScreenPoint[] {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last || line.length < 3) return line;
  let furthest = 0;
  let far = tolerance;
  line.forEach((point, index) => {
    const distance = distanceOf(point, first, last);
    if (distance > far) [furthest, far] = [index, distance];
  });
  if (furthest === 0) return [first, last];
  const before = thinned(line.slice(0, furthest + 1), tolerance);
  return [...before.slice(0, -1), ...thinned(line.slice(furthest), tolerance)];
}

function distanceOf({ x, y }: ScreenPoint, from: ScreenPoint, to: ScreenPoint): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}
