import { describe, expect, it } from "vitest";

import { atWork, BREAK_MS, isDue, RESTED, type Sitting, WORK_MS } from "./rest";

/** An input every so many seconds, from an instant on, for so many minutes. */
function work(sitting: Sitting, from: number, minutes: number, every = 10): Sitting {
  let now = sitting;
  for (let at = from; at <= from + minutes * 60_000; at += every * 1000) now = atWork(now, at);
  return now;
}

describe("a break", () => {
  it("is due after 25 minutes at work, not before", () => {
    expect(isDue(work(RESTED, 0, 24), 24 * 60_000)).toBe(false);
    expect(isDue(work(RESTED, 0, 25), WORK_MS)).toBe(true);
  });

  it("counts time at work alone: half a minute after an input nobody is", () => {
    const slow = work(RESTED, 0, 40, 60);

    // Of each minute, 30 seconds count.
    expect(isDue(slow, 40 * 60_000)).toBe(false);
    expect(isDue(work(RESTED, 0, 51, 60), 51 * 60_000)).toBe(true);
  });

  it("was one when nobody touched the desk for five minutes", () => {
    const before = work(RESTED, 0, 20);
    const after = work(before, 20 * 60_000 + BREAK_MS, 10);

    expect(isDue(after, 35 * 60_000)).toBe(false);
  });
});
