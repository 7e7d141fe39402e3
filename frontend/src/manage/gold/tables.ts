/** The page of known answers as CSV: the items, the people, and each step of their tests; pure. */

import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

import type { GoldReport, Shared, TestedAnnotator } from "./queries";

/** One line a known answer. */
export function itemsCsv(items: GoldReport["items"]): string {
  return csvText(
    ["item", "prompt", "n", "right", "low_95", "high_95", "suspect", "made_at", "retired_at"],
    items.map((one): CsvCell[] => [
      one.source, one.prompt, ...shared(one.passed), one.suspect ? 1 : 0, one.made_at, one.retired_at,
    ]), // prettier-ignore
  );
}

/** One line a person. */
export function peopleCsv(people: readonly TestedAnnotator[]): string {
  return csvText(
    [
      "id", "name", "n", "right", "low_95", "high_95",
      "repeats", "same_again", "same_again_low_95", "same_again_high_95",
      "ratio", "stopped", "cleared", "last_stop_at", "last_consequence",
    ], // prettier-ignore
    people.map((one): CsvCell[] => [
      one.id, one.name, ...shared(one.passed), ...shared(one.repeated),
      one.ratio, one.stopped, one.cleared, one.last_stop_at, one.last_consequence,
    ]), // prettier-ignore
  );
}

/** One line an answer to a known item: where the test stood after it. */
export function stepsCsv(people: readonly TestedAnnotator[]): string {
  return csvText(
    ["id", "name", "step", "right", "ratio", "outcome"],
    people.flatMap(({ id, name, steps }) =>
      steps.map((step, place): CsvCell[] => [
        id, name, place + 1, step.right ? 1 : 0, step.ratio, step.decision,
      ]), // prettier-ignore
    ),
  );
}

function shared({ n, share, interval }: Shared): CsvCell[] {
  return [n, share, ...lowHigh(interval)];
}
