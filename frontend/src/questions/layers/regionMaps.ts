/** What several people's regions say together, pixel by pixel; pure. */

import type { Size } from "@/image/geometry";
import type { Grid } from "@/image/heatmap";
import { rasterise } from "@/questions/regionRaster";
import type { Region } from "@/questions/regions";

/** How many people have a pixel in a region of theirs. */
function countsOf(people: readonly (readonly Region[])[], { width, height }: Size): Uint8Array {
  const counts = new Uint8Array(width * height);
  for (const regions of people) {
    const own = new Uint8Array(width * height);
    for (const region of regions) rasterise(region, { width, height }).forEach((pixel, at) => pixel && (own[at] = 1));
    own.forEach((pixel, at) => pixel && (counts[at] = (counts[at] ?? 0) + 1));
  }
  return counts;
}

function gridOf(counts: Uint8Array, { width, height }: Size, value: (count: number) => number): Grid {
  return { width, height, values: Float32Array.from(counts, value) };
}

/** 1 where at least `least` people drew. */
export function drawnByAtLeast(people: readonly (readonly Region[])[], least: number, size: Size): Grid {
  return gridOf(countsOf(people, size), size, (count) => Number(count >= least));
}

/** The share of the people who drew there. */
export function shareOfPeople(people: readonly (readonly Region[])[], size: Size): Grid {
  return gridOf(countsOf(people, size), size, (count) => count / people.length);
}

/** The variance over people, 1 where half drew and half did not (four times it). */
export function spreadOfPeople(people: readonly (readonly Region[])[], size: Size): Grid {
  return gridOf(countsOf(people, size), size, (count) => {
    const mean = count / people.length;
    return 4 * mean * (1 - mean);
  });
}
