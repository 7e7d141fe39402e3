import { useCallback, useEffect, useLayoutEffect, useRef } from "react";

import { type Frame, magnificationOf, magnify } from "./geometry";
import { pointWithin } from "./pointWithin";
import type { PointerProps } from "./usePointers";

/** The wheel zooms. React's own listener is passive, and the page would scroll. */
export function useWheel(
  box: { current: HTMLDivElement | null },
  frame: Frame,
  { lens, onLens }: PointerProps,
): void {
  const latest = useRef({ frame, lens, onLens });
  useLayoutEffect(() => {
    latest.current = { frame, lens, onLens };
  });
  const turn = useCallback((event: WheelEvent) => {
    const now = latest.current;
    if (!now.onLens || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    const at = pointWithin(event, event.currentTarget);
    const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 0.05 : 0.0016;
    const closer = magnificationOf(now.frame, now.lens) * Math.exp(-event.deltaY * step);
    const lens = magnify(now.frame, now.lens, at, closer);
    // The next step may come before this one is drawn.
    latest.current = { ...now, lens };
    now.onLens(lens);
  }, []);
  useEffect(() => {
    const element = box.current;
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [box, turn]);
}
