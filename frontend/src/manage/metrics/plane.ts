/** Points in the plane of metric and people: places, the nearest, the way from one to the next. */

import type { Schemas } from "@/api/client";
import { type Axis, axisOf } from "@/manage/charts/axis";
import { share } from "@/manage/charts/scale";

/** The image's generator, or that of a pair's a. */
export function generatorOf(point: Schemas["MetricPoint"]): string {
  return point.images[0]?.generator ?? "";
}

export interface Placed {
  /** Its place in the server's list. */
  index: number;
  point: Schemas["MetricPoint"];
  /** CSS pixels from the top left of the plot. */
  left: number;
  top: number;
}

export interface Plane {
  width: number;
  height: number;
  x: Axis;
  y: Axis;
}

export function planeOf(points: readonly Schemas["MetricPoint"][], width: number, height: number): Plane {
  return {
    width,
    height,
    x: axisOf(points.map((point) => point.x)),
    y: axisOf(points.map((point) => point.y)),
  };
}

export function leftOf(plane: Plane, x: number): number {
  return share(x, plane.x.from, plane.x.to) * plane.width;
}

export function topOf(plane: Plane, y: number): number {
  return (1 - share(y, plane.y.from, plane.y.to)) * plane.height;
}

export function placed(points: readonly Schemas["MetricPoint"][], plane: Plane): Placed[] {
  return points.map((point, index) => ({
    index,
    point,
    left: leftOf(plane, point.x),
    top: topOf(plane, point.y),
  }));
}

/** The point nearest to a place, at most `within` pixels away. */
export function nearest(
  points: readonly Placed[],
  left: number,
  top: number,
  within: number,
): Placed | null {
  let found: Placed | null = null;
  let closest = within * within;
  for (const one of points) {
    const away = (one.left - left) ** 2 + (one.top - top) ** 2;
    if (away <= closest) {
      closest = away;
      found = one;
    }
  }
  return found;
}

export type Way = "left" | "right" | "up" | "down";

/** The next point along an axis, from the given one or from the end one comes in by. */
export function next(points: readonly Placed[], from: number | null, way: Way): Placed | null {
  const across = way === "left" || way === "right";
  const order = [...points].sort((one, other) =>
    across
      ? one.left - other.left || one.top - other.top || one.index - other.index
      : other.top - one.top || one.left - other.left || one.index - other.index,
  );
  const step = way === "right" || way === "up" ? 1 : -1;
  const at = from === null ? -1 : order.findIndex((one) => one.index === from);
  if (at === -1) return (step === 1 ? order[0] : order.at(-1)) ?? null;
  return order[at + step] ?? order[at] ?? null;
}
