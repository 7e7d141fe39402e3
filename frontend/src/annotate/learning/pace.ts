/** How fast somebody answers, for themselves; pure. */

/** A longer gap between two answers was a break, not an item. */
const LONGEST_MS = 5 * 60_000;
const FEWEST = 3;

/**
 * Median milliseconds from an answer to the next, of instants in any order since `since`; null for
 * fewer than three gaps.
 */
export function paceOf(instants: readonly number[], since: number): number | null {
  const today = instants.filter((at) => at >= since).sort((one, other) => one - other);
  const gaps = today
    .slice(1)
    .map((at, index) => at - (today[index] ?? at))
    .filter((gap) => gap <= LONGEST_MS)
    .sort((one, other) => one - other);
  if (gaps.length < FEWEST) return null;
  const middle = gaps.length / 2;
  const upper = gaps[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((gaps[middle - 1] ?? 0) + upper) / 2 : upper;
}
