/** The reviewers' card as CSV: how alike they judge, and where they differ; pure. */

import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

import type { Agreement } from "./queries";

/** One line a number; pairs are the first verdict, then the second. */
export function alikeCsv(found: Agreement): string {
  const { agreement, interval, ac1, judged } = found;
  const plain = (name: string, count: number): CsvCell[] => [name, count, null, null, null];
  return csvText(
    ["measure", "value", "n", "low_95", "high_95"],
    [
      plain("reviewed", found.reviewed),
      plain("drawn", found.drawn),
      plain("judged", judged),
      ["agreement", agreement, judged, ...lowHigh(interval)],
      ["ac1", ac1.value, ac1.n, ...lowHigh(ac1.interval)],
      ...found.pairs.map(({ first, second, count }) => plain(`${first}_${second}`, count)),
    ],
  );
}

/** One line an answer on which two reviewers differ. */
export function disagreementsCsv({ disagreements }: Agreement): string {
  return csvText(
    [
      "item", "prompt", "batch", "annotation", "annotator",
      "first", "first_by", "second", "second_by", "second_reason",
      "at", "stands", "settled_at", "settled_by",
    ], // prettier-ignore
    disagreements.map((one): CsvCell[] => [
      one.item, one.prompt, one.batch, one.annotation, one.annotator.name,
      one.first, one.first_by.name, one.second, one.second_by.name, one.second_reason,
      one.at, one.stands, one.settled_at, one.settled_by?.name ?? null,
    ]), // prettier-ignore
  );
}
