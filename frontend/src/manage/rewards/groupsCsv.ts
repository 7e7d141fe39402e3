/** How right a model is by groups as CSV; pure. */

import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

import type { DimensionReport } from "./queries";

const HEADER = [
  "question", "by", "first", "second", "prompts", "votes",
  "model", "model_low_95", "model_high_95", "person", "person_low_95", "person_high_95",
]; // prettier-ignore

/** One line a category, then one a pair of generators. */
export function groupsCsv({ dimension, report }: DimensionReport): string {
  const { categories, generators } = report;
  return csvText(
    HEADER,
    Object.entries({ category: categories, generators }).flatMap(([by, groups]): CsvCell[][] =>
      groups.map(({ names, prompts, accuracy, person }) => [
        dimension, by, names[0] ?? "", names[1] ?? "", prompts, accuracy.n,
        accuracy.value, ...lowHigh(accuracy.interval), person.value, ...lowHigh(person.interval),
      ]), // prettier-ignore
    ),
  );
}
