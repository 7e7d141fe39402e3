/** The annotators as CSV, all in one table and one by one: numbers with n and interval; pure. */

import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

import type { Estimate, Numbers, Portrait } from "./queries";
import type { Row } from "./rows";

const MEASURES = [
  "agreement",
  "skill",
  "reliability",
  "reviewers",
  "left_share",
  "straight_lines",
  "halo",
  "circles",
  "most_given",
  "self_consistency",
  "rating_bias",
  "rating_spread",
  "median_ms",
  "rushed",
] as const;

export function tableText(rows: readonly Row[]): string {
  const header = [
    "id",
    "name",
    "answers",
    "findings",
    "longest_run",
    ...MEASURES.flatMap((name) => [name, `${name}_n`, `${name}_low_95`, `${name}_high_95`]),
  ];
  return csvText(header, rows.flatMap(cells));
}

function cells({ id, name, portrait }: Row): CsvCell[][] {
  if (portrait === null) return [];
  const { numbers } = portrait;
  const findings = numbers.findings.map(({ code }) => code).join(" ");
  return [
    [
      id,
      name,
      numbers.answers,
      findings,
      numbers.longest_run,
      ...MEASURES.flatMap((measure) => estimate(numbers[measure])),
    ],
  ];
}

function estimate({ value, n, interval }: Estimate): CsvCell[] {
  return [value, n, ...lowHigh(interval)];
}

/** One person's numbers, a line each; `undefined` is the reason where there is none. */
export function numbersCsv(numbers: Numbers): string {
  const run: CsvCell[] = ["longest_run", numbers.longest_run, numbers.left_share.n, null, null, null];
  return csvText(
    ["measure", "value", "n", "low_95", "high_95", "undefined"],
    [
      ...MEASURES.map((name): CsvCell[] => [
        name,
        ...estimate(numbers[name]),
        numbers[name].undefined?.code ?? null,
      ]),
      run,
    ],
  );
}

/** Agreement by the minute of a sitting in which it was answered. */
export function minutesCsv({ by_minute }: Numbers): string {
  return csvText(
    ["from_minute", "agreement", "n", "low_95", "high_95"],
    by_minute.map(({ from_minute, agreement }) => [from_minute, ...estimate(agreement)]),
  );
}

/** How often the left one was taken, by day. */
export function daysCsv({ by_day }: Pick<Portrait, "by_day">): string {
  return csvText(
    ["date", "left", "n"],
    by_day.map(({ date, left, n }) => [date, left, n]),
  );
}

/** Seconds at which the server's classes of times end; the last one has no end. */
export const TIME_EDGES = [2, 4, 8, 16, 32, 64, 128] as const;

/** How many answers took how long. */
export function timesCsv({ times }: Pick<Numbers, "times">): string {
  return csvText(
    ["from_seconds", "to_seconds", "answers"],
    times.map((count, place) => [TIME_EDGES[place - 1] ?? 0, TIME_EDGES[place] ?? null, count]),
  );
}
