import { useCallback, useState } from "react";

import { type Frame, isWhole, type Lens, pixelLens, type ScreenPoint, WHOLE } from "./geometry";

interface Hover {
  readonly frame: Frame;
  readonly at: ScreenPoint;
}

/** A lens for an item's images, which begins anew with each item. */
export function useLens(item: string, { peeking }: { peeking: boolean }) {
  const [held, setHeld] = useState({ item, lens: WHOLE });
  const [hover, setHover] = useState<Hover | null>(null);
  const lens = held.item === item ? held.lens : WHOLE;
  return {
    /** What is seen: the lens, or for as long as one peeks, the pixels under the pointer. */
    lens:
      peeking && hover ? pixelLens(hover.frame, hover.at, window.devicePixelRatio) : lens,
    isWhole: isWhole(lens),
    setLens: useCallback((next: Lens) => setHeld({ item, lens: next }), [item]),
    onHover: useCallback(
      (frame: Frame, at: ScreenPoint | null) => setHover(at && { frame, at }),
      [],
    ),
  };
}
