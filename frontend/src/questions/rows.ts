/** The rows of an item's checklist: which are asked, and which a "no" skips; pure. */

import type { Schemas } from "@/api/client";

export type ChecklistRow = Schemas["ChecklistRow"];
export type RowAnswer = "yes" | "no" | "unsure";
export type RowAnswers = Readonly<Record<string, RowAnswer>>;

/** Row → the row above that it depends on, which is answered "no" or skipped itself. */
export function skippedBy(
  checklist: readonly ChecklistRow[],
  answers: RowAnswers,
): ReadonlyMap<string, ChecklistRow> {
  const skipped = new Map<string, ChecklistRow>();
  for (const row of checklist) {
    const gate = row.depends_on.find((id) => skipped.has(id) || answers[id] === "no");
    const found = checklist.find(({ id }) => id === gate);
    if (found) skipped.set(row.id, found);
  }
  return skipped;
}

/** The answers without those to rows that are skipped. */
export function withoutSkipped(checklist: readonly ChecklistRow[], answers: RowAnswers): RowAnswers {
  const skipped = skippedBy(checklist, answers);
  const kept = checklist.flatMap(({ id }): [string, RowAnswer][] => {
    const given = answers[id];
    return given === undefined || skipped.has(id) ? [] : [[id, given]];
  });
  return Object.fromEntries(kept);
}

/** The places of the rows that are asked. */
export function askedPlaces(checklist: readonly ChecklistRow[], answers: RowAnswers): number[] {
  const skipped = skippedBy(checklist, answers);
  return checklist.flatMap(({ id }, place) => (skipped.has(id) ? [] : [place]));
}

/** The first row from here on, around the end, that is asked and has no answer; null: none is. */
export function nextOpenRow(
  checklist: readonly ChecklistRow[],
  answers: RowAnswers,
  from: number,
): number | null {
  const open = askedPlaces(checklist, answers).filter(
    (place) => answers[checklist[place]?.id ?? ""] === undefined,
  );
  return open.find((place) => place >= from) ?? open[0] ?? null;
}
