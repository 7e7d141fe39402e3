/** Where images stand on the stage. Letters have the first places, in the order drawn. */

import type { Assignment } from "@/questions/kind";

/** By place: the letters, then the ids of what is shown beside. */
export function placesOf({ item, shown }: Assignment): readonly string[] {
  return [...shown.order, ...item.beside.map(({ id }) => id)];
}

/** What each image is held against by itself; null: two of them against each other. */
export function anchorOf({ item, shown }: Assignment): number | null {
  const source = item.beside.findIndex(({ role }) => role === "source");
  return source < 0 ? null : shown.order.length + source;
}
