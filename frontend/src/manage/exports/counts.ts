/** What a preview counts, in shapes that can be drawn; pure. */

import type { Counts, ExportPreview } from "@/api/exports";

export interface Counted {
  name: string;
  count: number;
}

function isCounts(value: unknown): value is Counts {
  return typeof value === "object" && value !== null;
}

/** Numbers by their last name, added up over whatever they are nested in; the most first. */
export function byReason(leftOut: Counts): Counted[] {
  const totals = new Map<string, number>();
  const add = (counts: Counts) => {
    for (const [name, value] of Object.entries(counts)) {
      if (typeof value === "number") totals.set(name, (totals.get(name) ?? 0) + value);
      else if (isCounts(value)) add(value);
    }
  };
  add(leftOut);
  return [...totals]
    .map(([name, count]) => ({ name, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

export interface CountGroup {
  /** What the format counts by: dimensions, splits …; "others" for numbers by themselves. */
  by: string;
  counts: Counted[];
}

/** What the format counts, a group each; sets within splits are named by themselves. */
export function groupsOf(counts: Counts): CountGroup[] {
  const groups: CountGroup[] = [];
  const others: Counted[] = [];
  for (const [by, value] of Object.entries(counts)) {
    if (typeof value === "number") others.push({ name: by, count: value });
    else if (isCounts(value)) groups.push({ by, counts: flat(value) });
  }
  return [...groups, { by: "others", counts: others }].filter((group) => group.counts.length > 0);
}

function flat(counts: Counts): Counted[] {
  return Object.entries(counts).flatMap(([name, value]) => {
    if (typeof value === "number") return [{ name, count: value }];
    return isCounts(value) ? flat(value) : [];
  });
}

/** How many rows there will be, as far as the items seen tell. */
export function rowsAhead({ items, seen, sample_rows: rows }: ExportPreview): {
  rows: number;
  exact: boolean;
} {
  if (seen >= items) return { rows, exact: true };
  return { rows: seen === 0 ? 0 : Math.round((rows * items) / seen), exact: false };
}
