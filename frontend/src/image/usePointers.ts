import { type MouseEvent, type PointerEvent, useRef } from "react";

import {
  type Frame,
  type ImagePoint,
  isWhole,
  type Lens,
  magnificationOf,
  magnify,
  pan,
  screenPoint,
  type ScreenPoint,
  toImage,
  type View,
  viewOf,
  WHOLE,
} from "./geometry";
import { pointWithin } from "./pointWithin";

export interface Tap {
  readonly at: ImagePoint;
  readonly screen: ScreenPoint;
  /** Of the right button, or a long press. */
  readonly secondary: boolean;
  /** With Shift: something new, whatever is there already. */
  readonly adds: boolean;
}

/** Of what is taken hold of: the first move, the others, letting go; or a second finger took it away. */
export type Phase = "begins" | "goes_on" | "ends" | "lost";
export type Grabbed = (to: ImagePoint, phase: Phase) => void;

export function isMove(phase: Phase): boolean {
  return phase === "begins" || phase === "goes_on";
}

export interface PointerProps {
  lens: Lens;
  onLens?: (lens: Lens) => void;
  /** Where the pointer is on the stage; null when it leaves. */
  onHover?: (frame: Frame, at: ScreenPoint | null) => void;
  onTap?: (tap: Tap, view: View) => void;
  /** Takes hold of something on the image: from then on the press moves that, not the image. */
  onGrab?: (at: ScreenPoint, view: View) => Grabbed | null;
}

/** Further than this, a press is a drag. */
const SLOP_PX = 5;

/** One pointer taps or drags; two pinch. */
export function usePointers(
  frame: Frame,
  { lens, onLens, onHover, onTap, onGrab }: PointerProps,
) {
  const down = useRef(new Map<number, ScreenPoint>());
  const start = useRef<ScreenPoint | null>(null);
  const dragged = useRef(false);
  const grabbed = useRef<Grabbed | null>(null);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const at = pointWithin(event, event.currentTarget);
    event.currentTarget.setPointerCapture(event.pointerId);
    down.current.set(event.pointerId, at);
    if (down.current.size === 1) {
      start.current = at;
      dragged.current = false;
      const grabs = event.button === 0 && !event.shiftKey;
      grabbed.current = grabs ? (onGrab?.(at, viewOf(frame, lens)) ?? null) : null;
    } else {
      dragged.current = true;
      letGo(at, "lost");
    }
  };

  const letGo = (at: ScreenPoint, phase: Phase) => {
    grabbed.current?.(toImage(viewOf(frame, lens), at), phase);
    grabbed.current = null;
  };

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const at = pointWithin(event, event.currentTarget);
    onHover?.(frame, at);
    const before = down.current.get(event.pointerId);
    if (!before || !start.current) return;
    down.current.set(event.pointerId, at);
    const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const ratio = distance(at, other) / Math.max(1, distance(before, other));
      const closer = magnify(frame, lens, middleOf(at, other), magnificationOf(frame, lens) * ratio);
      // The image goes along with the middle of the two.
      onLens?.(isWhole(closer) ? closer : pan(frame, closer, (at.x - before.x) / 2, (at.y - before.y) / 2));
      return;
    }
    if (!dragged.current && distance(at, start.current) < SLOP_PX) return;
    const phase = dragged.current ? "goes_on" : "begins";
    dragged.current = true;
    if (grabbed.current) grabbed.current(toImage(viewOf(frame, lens), at), phase);
    else if (!isWhole(lens)) onLens?.(pan(frame, lens, at.x - before.x, at.y - before.y));
  };

  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const at = pointWithin(event, event.currentTarget);
    const pressed = down.current.delete(event.pointerId);
    if (dragged.current) letGo(at, "ends");
    if (!pressed || dragged.current || down.current.size > 0 || event.button !== 0) return;
    const view = viewOf(frame, lens);
    onTap?.({ at: toImage(view, at), screen: at, secondary: false, adds: event.shiftKey }, view);
  };

  return {
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: (event: PointerEvent<HTMLDivElement>) => {
      down.current.delete(event.pointerId);
      letGo(pointWithin(event, event.currentTarget), "lost");
    },
    onPointerLeave: () => onHover?.(frame, null),
    // Two quick taps that mark or choose something are not meant for the zoom.
    onDoubleClick: () => !onTap && onLens?.(WHOLE),
    onContextMenu: (event: MouseEvent<HTMLDivElement>) => {
      event.preventDefault();
      if (!onTap) return;
      const at = pointWithin(event, event.currentTarget);
      const view = viewOf(frame, lens);
      onTap({ at: toImage(view, at), screen: at, secondary: true, adds: false }, view);
    },
  };
}

function distance(a: ScreenPoint, b: ScreenPoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middleOf(a: ScreenPoint, b: ScreenPoint): ScreenPoint {
  return screenPoint((a.x + b.x) / 2, (a.y + b.y) / 2);
}
