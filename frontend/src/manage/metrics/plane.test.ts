import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { nearest, next, placed, planeOf } from "./plane";

function point(x: number, y: number): Schemas["MetricPoint"] {
  const id = `${x},${y}`;
  return {
    item: id,
    x,
    infinite: false,
    y,
    prompt: "",
    images: [],
  };
}

const POINTS = [point(0, 0), point(10, 1), point(5, 1), point(5, 0.5)];
const plane = planeOf(POINTS, 100, 50);
const all = placed(POINTS, plane);

describe("points in the plane", () => {
  it("stand to the right for much of the metric, and above for the people's praise", () => {
    expect(all.map(({ left, top }) => [left, top])).toEqual([
      [0, 50],
      [100, 0],
      [50, 0],
      [50, 25],
    ]);
  });

  it("are found by the place nearest to them, and not from afar", () => {
    expect(nearest(all, 52, 20, 12)?.index).toBe(3);
    expect(nearest(all, 20, 20, 12)).toBeNull();
  });

  it("are walked from left to right and from bottom to top, and stop at the end", () => {
    const right = (from: number | null) => next(all, from, "right")?.index;

    expect([right(null), right(0), right(2), right(3), right(1)]).toEqual([0, 2, 3, 1, 1]);
    expect(next(all, null, "left")?.index).toBe(1);
    expect(next(all, 0, "up")?.index).toBe(3);
    expect(next(all, 3, "down")?.index).toBe(0);
  });

  it("may be none", () => {
    expect(next([], null, "right")).toBeNull();
    expect(nearest([], 0, 0, 99)).toBeNull();
  });
});
