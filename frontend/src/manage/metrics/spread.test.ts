import { describe, expect, it } from "vitest";

import type { Placed } from "./plane";
import { isCrowded, spread, SPREAD_PX } from "./spread";

function points(values: readonly number[]): Placed[] {
  return values.map((y, index) => ({
    index,
    left: 0,
    top: 50,
    point: { item: "", image: null, x: 0, infinite: false, y, generator: "", prompt: "", images: [] },
  }));
}

describe("points of few values", () => {
  it("are crowded where several share one", () => {
    expect(isCrowded(points([1, 1, 2]))).toBe(true);
    expect(isCrowded(points([1, 2, 3]))).toBe(false);
    expect(isCrowded(points(Array.from({ length: 60 }, (_, i) => i % 30)))).toBe(false);
  });

  it("are moved apart by a few pixels, always in the same way", () => {
    const moved = spread(points([1, 1, 1, 1])).map(({ top }) => top);

    expect(new Set(moved).size).toBe(4);
    expect(moved.every((top) => Math.abs(top - 50) <= SPREAD_PX)).toBe(true);
    expect(spread(points([1, 1, 1, 1])).map(({ top }) => top)).toEqual(moved);
  });
});
