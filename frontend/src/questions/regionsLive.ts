/** What is only looked at while regions are drawn: the stroke that is not done yet, what a list points at. */

import { useSyncExternalStore } from "react";

import type { Letter } from "./kind";
import type { Point, RegionRef, Tool } from "./regions";

export interface Live {
  readonly stroke: {
    readonly letter: Letter;
    readonly tool: Tool;
    readonly radius: number;
    readonly colour: string;
    readonly points: readonly Point[];
  } | null;
  readonly pointed: RegionRef | null;
}

let now: Live = { stroke: null, pointed: null };
const listeners = new Set<() => void>();

export function show(more: Partial<Live>): void {
  now = { ...now, ...more };
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** It changes with every move of the pointer, so it lies beside the desk's session. */
export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => now);
}
