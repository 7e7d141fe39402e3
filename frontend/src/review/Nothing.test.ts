import { describe, expect, it } from "vitest";

import { whyNothing } from "./Nothing";

describe("whyNothing", () => {
  it.each([
    [{ waiting: 0, done: 0, sampled: 0 }, "none"],
    [{ waiting: 3, done: 2, sampled: 8 }, "held"],
    [{ waiting: 0, done: 2, sampled: 8 }, "nothing"],
    [{ waiting: 0, done: 8, sampled: 8 }, "done"],
  ])("tells %j", (counts, why) => {
    expect(whyNothing(counts)).toBe(why);
  });

  it.each(["paused", "archived"] as const)("tells first that the project is %s", (state) => {
    expect(whyNothing({ waiting: 3, done: 2, sampled: 8 }, state)).toBe(state);
  });
});
