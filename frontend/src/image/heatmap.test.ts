import { describe, expect, it } from "vitest";

import { consensusHeatmap, heatmapPixels, heatmapSize, type Fraction, type Grid } from "./heatmap";

const SIZE = { width: 8, height: 8, sigma: 1 };

function cell(x: number, y: number): Fraction {
  return { x: (x + 0.5) / 8, y: (y + 0.5) / 8 };
}

function at(grid: Grid, x: number, y: number): number {
  return grid.values[y * grid.width + x] ?? Number.NaN;
}

describe("consensusHeatmap", () => {
  it("gives the published numbers of the 8 by 8 example", () => {
    const grid = consensusHeatmap(
      [[cell(2, 2), cell(3, 2)], [cell(2, 2)], [cell(6, 6)]],
      SIZE,
    );

    const mass = grid.values.reduce((sum, value) => sum + value, 0);

    expect(at(grid, 2, 2)).toBeCloseTo(0.6666667, 6);
    expect(at(grid, 3, 2)).toBeCloseTo(0.535511, 6);
    expect(at(grid, 6, 6)).toBeCloseTo(0.333335, 6);
    expect(mass).toBeCloseTo(6.838628, 5);
  });

  it("counts a person without marks as an empty map", () => {
    const grid = consensusHeatmap([[cell(4, 4)], [], []], SIZE);

    expect(at(grid, 4, 4)).toBeCloseTo(1 / 3, 6);
  });

  it("does not let one person's repeated clicks exceed that person's share", () => {
    const grid = consensusHeatmap([[cell(4, 4), cell(4, 4), cell(4, 4)], []], SIZE);

    expect(at(grid, 4, 4)).toBeCloseTo(0.5, 6);
  });

  it("refuses to average over nobody", () => {
    expect(() => consensusHeatmap([], SIZE)).toThrow(RangeError);
  });
});

describe("heatmapSize", () => {
  it("keeps the image's proportions and makes sigma a fortieth of the height", () => {
    expect(heatmapSize({ width: 1024, height: 512 }, 256)).toEqual({
      width: 256,
      height: 128,
      sigma: 3.2,
    });
  });
});

describe("heatmapPixels", () => {
  it("leaves empty cells transparent and mixes the ramp's colours", () => {
    const grid: Grid = { width: 2, height: 1, values: Float32Array.of(0, 0.5) };

    const pixels = heatmapPixels(
      grid,
      [
        [0, 0, 0],
        [200, 100, 50],
      ],
      1,
    );

    expect([...pixels]).toEqual([0, 0, 0, 0, 100, 50, 25, 180]);
  });
});
