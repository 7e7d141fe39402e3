/** Marks as they are drawn over an image, and what a press on it means. */

import {
  type ImagePoint,
  imagePoint,
  isOnImage,
  type ScreenPoint,
  toScreen,
  type View,
} from "@/image/geometry";
import type { DrawnMark } from "@/image/MarksOverlay";
import { DOT_PX, MARK_LOOKS, type MarkLook } from "@/image/MarkShape";
import { isMove, type Tap } from "@/image/usePointers";

import type { AskedItem, Letter, OnImage, Press, Question } from "./kind";
import { isTying } from "./linking";
import { numberAt, numberedLinks } from "./links";
import {
  cursorOf,
  isSame,
  type MarkRef,
  type MarksAction,
  type MarksCursor,
  marksOf,
  marksQuestions,
} from "./marks";

/** A press this near means the mark: its dot and its edge, no more, so that its neighbour can be marked. */
const REACH_PX = DOT_PX + 2;

type PlacedMark = DrawnMark & { readonly ref: MarkRef };

/** Which of the kinds of flaws a marks question is: how its marks look. */
export function lookOf(questions: readonly Question[], id: string): MarkLook {
  const place = marksQuestions(questions).findIndex((question) => question.id === id);
  return MARK_LOOKS[Math.max(0, place) % MARK_LOOKS.length] ?? MARK_LOOKS[0];
}

export function onImage(item: AskedItem, letter: Letter, focused: Question | null): OnImage {
  const inFocus = focused?.type === "marks";
  // The question that a new mark is for: the one in focus, else the first.
  const active = inFocus ? focused : marksQuestions(item.questions)[0];
  if (!active) return {};
  const marks = placed(item, letter, active.id);
  // One place may have flaws of several kinds: a press is for the kind in focus.
  const within = inFocus ? marks.filter(({ ref }) => ref.question === active.id) : marks;
  const { crosshair, selected } = cursorOf(item);
  const drawn = {
    marks,
    crosshair: crosshair && {
      at: crosshair.at,
      look: lookOf(item.questions, active.id),
      ghost: crosshair.letter !== letter,
    },
    keys: keysAt(item, letter, { crosshair, selected }),
  };
  if (isTying(item)) {
    return {
      ...drawn,
      ties: (at, view) => {
        const mark = nearest(marks, at, view);
        return mark && press(mark.question, { type: "select", mark });
      },
    };
  }
  if (!inFocus && marks.length === 0) return drawn;
  return {
    ...drawn,
    pointer: "crosshair",
    tap: (tap, view) => tapped(within, tap, view, { question: active.id, letter }),
    grab: (at, view) => {
      const mark = nearest(within, at, view);
      return (
        mark &&
        ((to, phase) =>
          isMove(phase)
            ? press(mark.question, { type: "move", mark, to, first: phase === "begins" })
            : null)
      );
    },
  };
}

/** Where on this image the keys are: the crosshair, else the selected mark. */
function keysAt(
  item: AskedItem,
  letter: Letter,
  { crosshair, selected }: MarksCursor,
): ImagePoint | null {
  if (crosshair) return crosshair.letter === letter ? crosshair.at : null;
  if (selected?.letter !== letter) return null;
  const mark = marksOf(item, selected.question)[letter]?.[selected.index];
  return mark ? imagePoint(mark.x, mark.y) : null;
}

function press(question: string, action: MarksAction): Press {
  return { question, action };
}

function tapped(
  marks: readonly PlacedMark[],
  { at, screen, secondary, adds }: Tap,
  view: View,
  { question, letter }: { question: string; letter: Letter },
): Press | null {
  const mark = adds ? null : nearest(marks, screen, view);
  if (mark) return press(mark.question, { type: secondary ? "drop" : "select", mark });
  return secondary || !isOnImage(at) ? null : press(question, { type: "mark", letter, at });
}

function placed(item: AskedItem, letter: Letter, active: string): PlacedMark[] {
  const { selected } = cursorOf(item);
  const links = numberedLinks(item.questions, item.answers);
  return marksQuestions(item.questions).flatMap(({ id }) =>
    (marksOf(item, id)[letter] ?? []).map((at, index) => {
      const ref = { question: id, letter, index };
      return {
        key: `${id}-${index}`,
        ref,
        at,
        look: lookOf(item.questions, id),
        dim: id !== active,
        selected: selected !== null && isSame(ref, selected),
        number: numberAt(links, ref),
      };
    }),
  );
}

function nearest(marks: readonly PlacedMark[], at: ScreenPoint, view: View): MarkRef | null {
  const near = marks
    .map(({ ref, at: point }) => ({ ref, far: distance(toScreen(view, toPoint(point)), at) }))
    .filter(({ far }) => far <= REACH_PX)
    .sort((one, other) => one.far - other.far);
  return near[0]?.ref ?? null;
}

function toPoint({ x, y }: DrawnMark["at"]): ImagePoint {
  return imagePoint(x, y);
}

function distance(one: ScreenPoint, other: ScreenPoint): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
