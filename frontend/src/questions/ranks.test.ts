import { describe, expect, it } from "vitest";

import { placed, ranked, type Tiers, withImplied, withRest } from "./ranks";

const ORDER = ["a", "b", "c", "d"];
const TIERS: Tiers = [["a"], ["b", "c"], ["d"]];

describe("a ranking", () => {
  it("takes an image to a place of its own, counted without it", () => {
    expect(placed(TIERS, "d", { at: 0, level: false })).toEqual([["d"], ["a"], ["b", "c"]]);
    expect(placed(TIERS, "a", { at: 1, level: false })).toEqual([["b", "c"], ["a"], ["d"]]);
    expect(placed(TIERS, "a", { at: 8, level: false })).toEqual([["b", "c"], ["d"], ["a"]]);
  });

  it("takes an image out of a tie, and into another", () => {
    expect(placed(TIERS, "b", { at: 2, level: true })).toEqual([["a"], ["c"], ["d", "b"]]);
    expect(placed(TIERS, "b", { at: 1, level: false })).toEqual([["a"], ["b"], ["c"], ["d"]]);
  });

  it("goes on behind, or level with the last", () => {
    expect(ranked([["a"]], "b", false)).toEqual([["a"], ["b"]]);
    expect(ranked([["a"]], "b", true)).toEqual([["a", "b"]]);
    expect(ranked([], "b", true)).toEqual([["b"]]);
  });

  it("implies the last place alone", () => {
    expect(withImplied([["c"], ["a", "d"]], ORDER)).toEqual([["c"], ["a", "d"], ["b"]]);
    expect(withImplied([["c"], ["a"]], ORDER)).toEqual([["c"], ["a"]]);
  });

  it("puts all that are left level, in the order shown", () => {
    expect(withRest([["c"]], ORDER)).toEqual([["c"], ["a", "b", "d"]]);
    expect(withRest(TIERS, ORDER)).toBe(TIERS);
  });
});
