/** How the images of an item are looked at: how closely, which of them, how compared. Pure. */

import {
  centredOn,
  exactLens,
  type Frame,
  type ImagePoint,
  isWhole,
  type Lens,
  magnificationOf,
  magnify,
  pan,
  pixelLens,
  screenPoint,
  type ScreenPoint,
  toScreen,
  viewOf,
  WHOLE,
} from "@/image/geometry";

/** All side by side, one of them in the place of all, or what two of them differ in. */
export type Mode = "side" | "one" | "difference";

export const SURROUNDS = ["dark", "grey", "light"] as const;
export type Surround = (typeof SURROUNDS)[number];

export const GAINS = [1, 2, 4, 8] as const;
export type Gain = (typeof GAINS)[number];

/** A place is where an image is shown, from 0. */
export interface Look {
  readonly mode: Mode;
  /** The one that is seen in the place of all. */
  readonly front: number;
  /** The two that are compared. */
  readonly pair: readonly [number, number];
  /** What an image is compared with by itself: the source of an edit. */
  readonly anchor: number | null;
  readonly linked: boolean;
  readonly lens: Lens;
  /** By place, where the images are not linked. */
  readonly own: Readonly<Record<number, Lens>>;
  /** What is seen while one peeks. */
  readonly peek: Lens | null;
  /** The two change places by themselves, while a key is held. */
  readonly flickering: boolean;
  readonly gain: Gain;
  /** The difference of luminances, not of colours. */
  readonly luminance: boolean;
  readonly surround: Surround;
}

export type LookAction =
  | { readonly type: "zoom"; readonly by: 1 | -1 }
  | { readonly type: "whole" }
  /** Device pixels an image pixel. */
  | { readonly type: "exact"; readonly pixels: number }
  | { readonly type: "pan"; readonly dx: number; readonly dy: number }
  | { readonly type: "lens"; readonly place: number; readonly lens: Lens }
  | { readonly type: "link" }
  | { readonly type: "swap" }
  | { readonly type: "enlarge" }
  | { readonly type: "turn"; readonly by: 1 | -1 }
  | { readonly type: "front"; readonly place: number }
  | { readonly type: "choose"; readonly place: number }
  | { readonly type: "difference" }
  | { readonly type: "gain" }
  | { readonly type: "surround" }
  | { readonly type: "flicker"; readonly held: boolean }
  | { readonly type: "peek"; readonly held: boolean }
  | { readonly type: "hover" }
  | { readonly type: "side" }
  | { readonly type: "reveal"; readonly place: number; readonly at: ImagePoint };

/** What a step goes by: the stages as they are laid out, and where pointer and keys are. */
export interface Sight {
  readonly count: number;
  readonly frames: Readonly<Record<number, Frame>>;
  readonly pointer: { readonly place: number; readonly at: ScreenPoint } | null;
  /** The keys' own place on an image: a crosshair, a chosen mark. */
  readonly keys: { readonly place: number; readonly at: ImagePoint } | null;
  readonly devicePixelRatio: number;
}

const ZOOM_STEP = Math.SQRT2;
const PAN_PX = 80;
/** As near as this to an edge, a point is not in sight. */
const MARGIN_PX = 24;

export function begin(surround: Surround, anchor: number | null = null): Look {
  return {
    mode: "side",
    front: 0,
    pair: [0, anchor ?? 1],
    anchor,
    linked: true,
    lens: WHOLE,
    own: {},
    peek: null,
    flickering: false,
    gain: 1,
    luminance: false,
    surround,
  };
}

/** For the next item: as a whole, side by side; choices about the desk stay. */
export function afresh({ linked, gain, luminance, surround }: Look, anchor: number | null = null): Look {
  return { ...begin(surround, anchor), linked, gain, luminance };
}

/** What an image is seen through, peeking included. */
export function lensAt(look: Look, place: number): Lens {
  return look.peek ?? settledLens(look, place);
}

function settledLens({ linked, lens, own }: Look, place: number): Lens {
  return linked ? lens : (own[place] ?? lens);
}

/** The one image that is seen in the place of all; null: all are, side by side. */
export function soleOf({ mode, front, pair }: Look): number | null {
  if (mode === "side") return null;
  return mode === "one" ? front : pair[0];
}

/** Whether some of it is looked at more closely than as a whole. */
export function isCloser({ peek, lens, own }: Look): boolean {
  return peek !== null || !isWhole(lens) || !Object.values(own).every(isWhole);
}

export function stepLook(look: Look, action: LookAction, sight: Sight): Look {
  switch (action.type) {
    case "zoom":
      return aimed(look, sight, (frame, lens, at) => {
        const factor = action.by === 1 ? ZOOM_STEP : 1 / ZOOM_STEP;
        return magnify(frame, lens, at, magnificationOf(frame, lens) * factor);
      });
    case "whole":
      return { ...look, lens: WHOLE, own: {} };
    case "exact":
      return aimed(look, sight, (frame, lens, at) =>
        exactLens(frame, lens, at, action.pixels / sight.devicePixelRatio),
      );
    case "pan":
      return panned(look, sight, action.dx * PAN_PX, action.dy * PAN_PX);
    case "lens":
      return withLens(look, action.place, action.lens);
    case "link":
      return linked(look, sight);
    case "swap":
      return swapped(look, sight);
    case "enlarge":
      return look.mode === "one"
        ? { ...look, mode: "side" }
        : { ...look, mode: "one", front: placeOf(look, sight) };
    case "turn": {
      const from = look.mode === "one" ? look.front + action.by : placeOf(look, sight);
      return fronted(look, (from + sight.count) % sight.count);
    }
    case "front":
      return look.mode === "one" ? fronted(look, action.place) : anchored(look, action.place);
    case "choose":
      return chosen(look, action.place, sight.count);
    case "difference":
      return compared(look);
    case "gain":
      return { ...look, gain: next(GAINS, look.gain) };
    case "surround":
      return { ...look, surround: next(SURROUNDS, look.surround) };
    case "flicker":
      return { ...look, flickering: action.held };
    case "peek":
      return { ...look, peek: action.held ? peeked(look, sight) : null };
    case "hover":
      return look.peek && sight.pointer ? { ...look, peek: peeked(look, sight) } : look;
    case "side":
      return { ...look, mode: "side" };
    case "reveal":
      return revealed(look, sight, action.place, action.at);
  }
}

function next<T>(list: readonly T[], now: T): T {
  return list[(list.indexOf(now) + 1) % list.length] ?? now;
}

/** The image that the pointer is on, else the one that the keys are about, else the one in front. */
function placeOf(look: Look, { pointer, keys, count }: Sight): number {
  const place = look.mode === "one" ? look.front : (pointer?.place ?? keys?.place ?? look.front);
  return Math.min(place, count - 1);
}

/** Where keys look closer: at the pointer, else at their own place, else in the middle. */
function aimOf(look: Look, sight: Sight): { place: number; frame: Frame; at: ScreenPoint } | null {
  const place = placeOf(look, sight);
  const frame = sight.frames[place];
  if (!frame) return null;
  const { pointer, keys } = sight;
  if (pointer?.place === place) return { place, frame, at: pointer.at };
  if (keys?.place === place) {
    return { place, frame, at: toScreen(viewOf(frame, lensAt(look, place)), keys.at) };
  }
  return { place, frame, at: screenPoint(frame.stage.width / 2, frame.stage.height / 2) };
}

function aimed(
  look: Look,
  sight: Sight,
  zoomed: (frame: Frame, lens: Lens, at: ScreenPoint) => Lens,
): Look {
  const aim = aimOf(look, sight);
  if (!aim) return look;
  return withLens(look, aim.place, zoomed(aim.frame, settledLens(look, aim.place), aim.at));
}

function withLens(look: Look, place: number, lens: Lens): Look {
  return look.linked ? { ...look, lens } : { ...look, own: { ...look.own, [place]: lens } };
}

/** The window moves over the image: to the right, the image goes left. */
function panned(look: Look, sight: Sight, dx: number, dy: number): Look {
  const aim = aimOf(look, sight);
  if (!aim) return look;
  const lens = pan(aim.frame, lensAt(look, aim.place), -dx, -dy);
  if (look.peek) return { ...look, peek: lens };
  return isWhole(lens) ? look : withLens(look, aim.place, lens);
}

/** Unlinked, each keeps the lens it has; linked again, all have that of the one looked at. */
function linked(look: Look, sight: Sight): Look {
  if (!look.linked) {
    return { ...look, linked: true, lens: settledLens(look, placeOf(look, sight)), own: {} };
  }
  return { ...look, linked: false };
}

function swapped(look: Look, sight: Sight): Look {
  if (sight.count < 2) return look;
  const [one, other] = look.pair;
  if (look.mode === "one") return { ...look, front: look.front === one ? other : one };
  // What the pointer is on stays where it is: the first swap shows the other one.
  const place = placeOf(look, sight);
  const at = look.anchor === null || place === other ? place : one;
  return { ...look, mode: "one", front: at === one ? other : one };
}

/** An image beside the anchor, which it is compared with from now on. */
function anchored(look: Look, place: number): Look {
  const { anchor, pair } = look;
  if (anchor === null || place === anchor) return look;
  if (pair[0] === place && pair[1] === anchor) return look;
  return { ...look, pair: [place, anchor] };
}

function fronted(look: Look, place: number): Look {
  if (look.anchor !== null) return { ...anchored(look, place), mode: "one", front: place };
  const [one, other] = look.pair;
  const pair: Look["pair"] = place === other ? look.pair : [other, place];
  return { ...look, mode: "one", front: place, pair: place === one ? [other, one] : pair };
}

/** The newest two chosen are compared. */
function chosen(look: Look, place: number, count: number): Look {
  if (place >= count || look.pair[1] === place) return look;
  return { ...look, pair: [look.pair[1], place] };
}

/** Colours, then luminances, then side by side again. */
function compared(look: Look): Look {
  if (look.mode !== "difference") return { ...look, mode: "difference", luminance: false };
  return look.luminance ? { ...look, mode: "side", luminance: false } : { ...look, luminance: true };
}

function peeked(look: Look, sight: Sight): Lens | null {
  const aim = aimOf({ ...look, peek: null }, sight);
  if (!aim) return null;
  const { frame } = aim;
  // What is under the pointer in the lens at rest stays under it.
  const rest = settledLens(look, aim.place);
  const { scale = 1 } = pixelLens(frame, aim.at, sight.devicePixelRatio);
  return exactLens(frame, rest, aim.at, scale);
}

/** Brings a point of an image into sight, if it is not. */
function revealed(look: Look, { frames }: Sight, place: number, at: ImagePoint): Look {
  const frame = frames[place];
  const front = look.mode === "one" && look.front !== place ? fronted(look, place) : look;
  if (!frame) return front;
  const lens = settledLens(front, place);
  const { x, y } = toScreen(viewOf(frame, lens), at);
  const { width, height } = frame.stage;
  const inSight =
    x >= MARGIN_PX && x <= width - MARGIN_PX && y >= MARGIN_PX && y <= height - MARGIN_PX;
  if (isWhole(lens) || inSight) return front;
  return withLens(front, place, centredOn(frame, lens, at));
}
