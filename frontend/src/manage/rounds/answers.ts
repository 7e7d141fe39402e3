/** How many answers a round takes, as the server draws it. */

import type { Mode } from "./queries";

/** For evaluation a fifth of the items, rounded, takes `overlap` people and the others take one each. */
export function answersOf(items: number, overlap: number, mode: Mode): number {
  if (mode === "full") return items * overlap;
  return items + Math.round(items / 5) * (overlap - 1);
}
