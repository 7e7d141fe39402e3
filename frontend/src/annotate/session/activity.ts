/**
 * Time at work on one item, worked out from what happened: visible, and input within 30 s.
 *
 * Only what happened is kept, never a running total, so that a reload or an undo can't count a
 * second twice.
 */

export type Happening = "shown" | "input" | "hidden" | "visible";

/** `at`: milliseconds of one clock, in order of time. */
export interface Moment {
  readonly what: Happening;
  readonly at: number;
}

export type Activity = readonly Moment[];

export const IDLE_AFTER_MS = 30_000;

/** Inputs closer together than this say nothing new. */
const GRAIN_MS = 1_000;

export function record(activity: Activity, what: Happening, at: number): Activity {
  const last = activity.at(-1);
  if (what === "input" && last?.what === "input") {
    if (at - last.at < GRAIN_MS) return activity;
    const before = activity.at(-2);
    // In a run of inputs without a pause only the first and the last matter.
    if (before?.what === "input" && at - before.at < IDLE_AFTER_MS) {
      return [...activity.slice(0, -1), { what, at }];
    }
  }
  return [...activity, { what, at }];
}

export function activeMs(activity: Activity, until: number): number {
  let total = 0;
  let visible = true;
  let cursor = activity[0]?.at ?? until;
  let awakeUntil = cursor;
  for (const { what, at } of [...activity, { what: "end" as const, at: until }]) {
    if (visible) total += Math.max(0, Math.min(at, awakeUntil) - cursor);
    cursor = Math.max(cursor, at);
    if (what === "hidden") visible = false;
    if (what === "visible" || what === "shown") visible = true;
    if (what !== "hidden") awakeUntil = at + IDLE_AFTER_MS;
  }
  return Math.round(total);
}
