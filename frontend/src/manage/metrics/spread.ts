/** Points of equal value are moved a little apart, so that all can be seen and hit; pure. */

import type { Placed } from "./plane";

/** With more different values than this, points hide each other by chance only. */
const FEW = 24;

/** At most so many CSS pixels up or down: the plot has so much room around it. */
export const SPREAD_PX = 9;

export function isCrowded(points: readonly Placed[]): boolean {
  const values = new Set<number>();
  for (const { point } of points) {
    values.add(point.y);
    if (values.size > FEW) return false;
  }
  return points.length > values.size;
}

/** The same points, each at its own small distance from its line: the same at every drawing. */
export function spread(points: readonly Placed[]): Placed[] {
  return points.map((one) => ({
    ...one,
    top: one.top + SPREAD_PX * (2 * fraction(one.index) - 1),
  }));
}

/** Evenly spread over 0..1, neighbours far apart: multiples of the golden ratio. */
function fraction(index: number): number {
  return (index * 0.618_033_988_749_895) % 1;
}
