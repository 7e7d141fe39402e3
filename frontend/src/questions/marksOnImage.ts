/** Marks as they are drawn over an image, and what a press on it means. */

import {
  type ImagePoint,
  imagePoint,
  isOnImage,
  type ScreenPoint,
  toScreen,
  type View,
} from "@/image/geometry";
import type { DrawnMark, MarkLook } from "@/image/MarksOverlay";
import type { Tap } from "@/image/usePointers";

import type { AskedItem, Letter, OnImage, Press, Question } from "./kind";
import {
  cursorOf,
  isSame,
  type MarkRef,
  type MarksAction,
  marksOf,
  marksQuestions,
} from "./marks";

/** As near as this to a mark, a press means the mark. */
const REACH_PX = 12;

type PlacedMark = DrawnMark & { readonly ref: MarkRef };

/** Which of the kinds of flaws a marks question is: how its marks look. */
export function lookOf(questions: readonly Question[], id: string): MarkLook {
  return marksQuestions(questions).findIndex((question) => question.id === id) === 1
    ? "second"
    : "first";
}

export function onImage(item: AskedItem, letter: Letter, focused: Question | null): OnImage {
  const inFocus = focused?.type === "marks";
  // The question that a new mark is for: the one in focus, else the first.
  const active = inFocus ? focused : marksQuestions(item.questions)[0];
  if (!active) return {};
  const marks = placed(item, letter, active.id);
  const { crosshair } = cursorOf(item);
  const drawn = {
    marks,
    crosshair:
      crosshair?.letter === letter
        ? { at: crosshair.at, look: lookOf(item.questions, active.id) }
        : null,
  };
  if (!inFocus && marks.length === 0) return drawn;
  return {
    ...drawn,
    pointer: "crosshair",
    tap: (tap, view) => tapped(marks, tap, view, { question: active.id, letter }),
    grab: (at, view) => {
      const mark = nearest(marks, at, view);
      return mark && ((to, first) => press(mark.question, { type: "move", mark, to, first }));
    },
  };
}

function press(question: string, action: MarksAction): Press {
  return { question, action };
}

function tapped(
  marks: readonly PlacedMark[],
  { at, screen, secondary }: Tap,
  view: View,
  { question, letter }: { question: string; letter: Letter },
): Press | null {
  const mark = nearest(marks, screen, view);
  if (mark) return press(mark.question, { type: secondary ? "drop" : "select", mark });
  return secondary || !isOnImage(at) ? null : press(question, { type: "mark", letter, at });
}

function placed(item: AskedItem, letter: Letter, active: string): PlacedMark[] {
  const { selected } = cursorOf(item);
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
