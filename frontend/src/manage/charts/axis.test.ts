import { describe, expect, it } from "vitest";

import { axisOf, extent, roundStep } from "./axis";

describe("axisOf", () => {
  it("reaches over all values with round ticks", () => {
    expect(axisOf([3, 97])).toEqual({ from: 0, to: 100, ticks: [0, 20, 40, 60, 80, 100], decimals: 0 });
  });

  it("names small numbers without the dust of floating point", () => {
    const axis = axisOf([0.1, 0.32]);

    expect(axis.ticks).toEqual([0.1, 0.15, 0.2, 0.25, 0.3, 0.35]);
    expect(axis.decimals).toBe(2);
  });

  it("has zero in the middle of what goes both ways", () => {
    expect(axisOf([-1, 1]).ticks).toEqual([-1, -0.5, 0, 0.5, 1]);
  });

  it("gives one value room on both sides", () => {
    const { from, to } = axisOf([5, 5]);

    expect(from).toBeLessThan(5);
    expect(to).toBeGreaterThan(5);
  });

  it("does not leave the scale that the values are on", () => {
    const axis = axisOf([1.4, 7], 5, [1, 7]);

    expect(axis).toEqual({ from: 1, to: 7, ticks: [2, 4, 6], decimals: 0 });
    expect(axisOf([5, 5], 5, [1, 5])).toMatchObject({ from: 4.4, to: 5 });
  });

  it("stands without values", () => {
    expect(axisOf([]).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });
});

describe("extent", () => {
  it("holds a million values", () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => i - 10);

    expect(extent(many)).toEqual([-10, 999_989]);
  });
});

describe("roundStep", () => {
  it.each([
    [0.03, 0.05],
    [0.2, 0.2],
    [6, 10],
    [1300, 2000],
  ])("rounds %f up to %f", (rough, step) => {
    expect(roundStep(rough)).toBeCloseTo(step, 12);
  });
});
