/** When it is time for a break, by time at work; pure. */

import { type Activity, activeMs, record } from "@/annotate/session/activity";

export const WORK_MS = 25 * 60_000;
/** So long without a hand at the desk is a break. */
export const BREAK_MS = 5 * 60_000;

/** Time at work since the last break: `worked` is of the stretches before the one that goes on. */
export interface Sitting {
  readonly worked: number;
  readonly stretch: Activity;
}

export const RESTED: Sitting = { worked: 0, stretch: [] };

/** The sitting after an input at an instant, in milliseconds. */
export function atWork({ worked, stretch }: Sitting, at: number): Sitting {
  const last = stretch.at(-1);
  if (last && at - last.at >= BREAK_MS) return { worked: 0, stretch: [{ what: "input", at }] };
  const grown = record(stretch, "input", at);
  // The moments of a long sitting come to one number.
  return grown.length < 50
    ? { worked, stretch: grown }
    : { worked: worked + activeMs(grown, at), stretch: [{ what: "input", at }] };
}

/** Whether so much was worked without a break that one would do good. */
export function isDue({ worked, stretch }: Sitting, at: number): boolean {
  return worked + activeMs(stretch, at) >= WORK_MS;
}
