import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { covers, isEmpty, rasterise } from "./regionRaster";
import type { Stroke } from "./regions";

type Shape = Parameters<typeof rasterise>[0];

/** Rows of a picture: # in the region. */
function drawn(shape: Shape, width: number, height: number): string[] {
  const pixels = rasterise(shape, { width, height });
  return Array.from({ length: height }, (_, j) =>
    [...pixels.slice(j * width, (j + 1) * width)].map((pixel) => (pixel ? "#" : ".")).join(""),
  );
}

interface Case {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** COCO's: lengths of runs down the columns, zeros first. */
  readonly counts: readonly number[];
}

function runs(width: number, height: number, shapes: readonly Shape[]): number[] {
  const all = shapes.map((shape) => rasterise(shape, { width, height }));
  const counts = [0];
  let now = 0;
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j < height; j += 1) {
      const pixel = all.some((pixels) => pixels[j * width + i] === 1) ? 1 : 0;
      if (pixel !== now) counts.push(0);
      now = pixel;
      counts.push((counts.pop() ?? 0) + 1);
    }
  }
  return counts;
}

// The server's own cases.
const { cases } = JSON.parse(readFileSync("../tests/data/regions.json", "utf-8")) as { cases: Case[] };

it.each(cases)("has the server's pixels: $name", ({ width, height, shapes, counts }) => {
  expect(runs(width, height, shapes)).toEqual(counts);
});

const strokes = (...all: Stroke[]): Shape => ({ strokes: all });

describe("pixels of a region", () => {
  it("are those whose centre is in the box: its left and top edge are in, the others not", () => {
    expect(drawn({ box: [0.125, 0.125, 0.5, 0.5] }, 4, 4)).toEqual(["##..", "##..", "....", "...."]);
  });

  it("are those that the brush reaches: a disk in pixels, whatever the image's shape", () => {
    expect(drawn(strokes({ tool: "brush", radius: 0.25, points: [[0.5, 0.5]] }), 8, 4)).toEqual([
      "........",
      "...##...",
      "...##...",
      "........",
    ]);
    expect(drawn(strokes({ tool: "brush", radius: 0.125, points: [[0.0625, 0.375], [0.9375, 0.375]] }), 8, 4)).toEqual([
      "........",
      "########",
      "........",
      "........",
    ]);
  });

  it("of a lasso are in where its line goes round them an odd number of times", () => {
    const star: Stroke = { tool: "lasso", points: [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [0.75, 0], [0.75, 0.75], [0, 0.75]] };
    expect(drawn(strokes(star), 4, 4)).toEqual(["...#", "...#", "...#", "####"]);
  });

  it("are rubbed off and painted again in the order of the strokes", () => {
    const row = (tool: "brush" | "erase", from: number, to: number): Stroke => ({
      tool,
      radius: 0.5,
      points: [[from, 0.5], [to, 0.5]],
    });
    const all = strokes(row("brush", 0.0625, 0.9375), row("erase", 0.3125, 0.6875), row("brush", 0.4375, 0.4375));
    expect(drawn(all, 8, 1)).toEqual(["##.#..##"]);
    expect(isEmpty(all, { width: 8, height: 1 })).toBe(false);
    expect(isEmpty(strokes(row("brush", 0.4, 0.6), row("erase", 0, 1)), { width: 8, height: 1 })).toBe(true);
  });

  it("are what a press finds", () => {
    const size = { width: 40, height: 20 };
    const shapes: Shape[] = [
      { box: [0.1, 0.2, 0.3, 0.4] },
      strokes({ tool: "lasso", points: [[0.1, 0.1], [0.9, 0.3], [0.4, 0.95]] }),
      strokes(
        { tool: "brush", radius: 0.2, points: [[0.2, 0.3], [0.7, 0.8]] },
        { tool: "erase", radius: 0.15, points: [[0.5, 0.6]] },
      ),
    ];
    for (const shape of shapes) {
      const pixels = rasterise(shape, size);
      const found = pixels.map((_, at) =>
        Number(covers(shape, { x: ((at % 40) + 0.5) / 40, y: (Math.floor(at / 40) + 0.5) / 20 }, size)),
      );
      expect(found).toEqual(pixels);
    }
  });
});
