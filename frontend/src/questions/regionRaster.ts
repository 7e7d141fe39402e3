/**
 * Which pixels a region has: the rule of scoring/regions.py, held by the same cases
 * (tests/data/regions.json). A pixel is in a region if its centre is.
 */

import type { Size } from "@/image/geometry";

import type { Point, Region, Stroke } from "./regions";

/** Ties are met within this part of a pixel. */
const TIE = 1e-9;

/** The first pixel whose centre does not lie before a place along an axis. */
function firstFrom(at: number): number {
  return Math.max(0, Math.ceil(at - 0.5 - TIE));
}

/** A byte a pixel, row by row: 1 in the region. */
export function rasterise(region: Shape, { width, height }: Size): Uint8Array {
  const pixels = new Uint8Array(width * height);
  if ("box" in region) {
    const [x, y, w, h] = region.box;
    const [from, to] = [firstFrom(x * width), Math.min(width, firstFrom((x + w) * width))];
    const end = Math.min(height, firstFrom((y + h) * height));
    for (let j = firstFrom(y * height); j < end; j += 1) pixels.fill(1, j * width + from, j * width + to);
    return pixels;
  }
  for (const stroke of region.strokes) {
    if (stroke.tool === "lasso") fillPolygon(pixels, stroke.points, { width, height });
    else drawLine(pixels, stroke, { width, height });
  }
  return pixels;
}

type Shape = Pick<Extract<Region, { box: unknown }>, "box"> | Pick<Extract<Region, { strokes: unknown }>, "strokes">;

/** Whether a region has the place: for a press. */
export function covers(region: Shape, { x, y }: { x: number; y: number }, size: Size): boolean {
  if ("box" in region) {
    const [left, top, w, h] = region.box;
    return x >= left && x < left + w && y >= top && y < top + h;
  }
  const at: Point = [x * size.width, y * size.height];
  return region.strokes.reduce((inside, stroke) => {
    const points = inPixels(stroke.points, size);
    if (stroke.tool === "lasso") return inside || isEnclosed(points, at);
    const reach = (stroke.radius * size.height) ** 2;
    const near = segmentsOf(points).some(([one, other]) => distanceSquared(at, one, other) <= reach);
    return near ? stroke.tool === "brush" : inside;
  }, false);
}

/** Whether nothing is left of it, as far as a grid of this many cells along its longer side tells. */
export function isEmpty(region: Shape, image: Size, longest = 1024): boolean {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const size = { width: Math.round(image.width * scale), height: Math.round(image.height * scale) };
  return !rasterise(region, size).includes(1);
}

function inPixels(points: readonly Point[], { width, height }: Size): Point[] {
  return points.map(([x, y]) => [x * width, y * height]);
}

/** A line as its segments; one point is a segment of no length. */
function segmentsOf(points: readonly Point[]): [Point, Point][] {
  const [first] = points;
  if (!first) return [];
  if (points.length === 1) return [[first, first]];
  return points.slice(1).map((point, index) => [points[index] ?? first, point]);
}

function distanceSquared([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
  return (x - x1 - along * dx) ** 2 + (y - y1 - along * dy) ** 2;
}

/** All within a stroke's radius of its line; each segment looks only at the pixels around it. */
function drawLine(pixels: Uint8Array, stroke: Exclude<Stroke, { tool: "lasso" }>, size: Size): void {
  const { width, height } = size;
  const radius = stroke.radius * height;
  const value = stroke.tool === "brush" ? 1 : 0;
  for (const [one, other] of segmentsOf(inPixels(stroke.points, size))) {
    const left = Math.max(0, Math.floor(Math.min(one[0], other[0]) - radius - 0.5));
    const right = Math.min(width - 1, Math.ceil(Math.max(one[0], other[0]) + radius));
    const top = Math.max(0, Math.floor(Math.min(one[1], other[1]) - radius - 0.5));
    const bottom = Math.min(height - 1, Math.ceil(Math.max(one[1], other[1]) + radius));
    for (let j = top; j <= bottom; j += 1) {
      for (let i = left; i <= right; i += 1) {
        if (distanceSquared([i + 0.5, j + 0.5], one, other) <= (radius + TIE) ** 2) {
          pixels[j * width + i] = value;
        }
      }
    }
  }
}

/** Where a level line crosses the polygon's sides, from left to right. */
function crossings(points: readonly Point[], y: number): number[] {
  return points
    .flatMap(([x1, y1], index) => {
      const [x2, y2] = points.at(index - 1) ?? [x1, y1];
      return y1 > y !== y2 > y ? [((x2 - x1) * (y - y1)) / (y2 - y1) + x1] : [];
    })
    .sort((one, other) => one - other);
}

function isEnclosed(points: readonly Point[], [x, y]: Point): boolean {
  return crossings(points, y).filter((at) => x < at).length % 2 === 1;
}

function fillPolygon(pixels: Uint8Array, points: readonly Point[], size: Size): void {
  const polygon = inPixels(points, size);
  for (let j = 0; j < size.height; j += 1) {
    const sides = crossings(polygon, j + 0.5);
    for (let k = 0; k + 1 < sides.length; k += 2) {
      const [from, to] = [firstFrom(sides[k] ?? 0), Math.min(size.width, firstFrom(sides[k + 1] ?? 0))];
      if (from < to) pixels.fill(1, j * size.width + from, j * size.width + to);
    }
  }
}
