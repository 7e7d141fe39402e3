/** The table as CSV: every number with its n and interval. */

import { type CsvCell, csvText } from "@/manage/csv";

import type { Estimate } from "./queries";
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
  return [value, n, interval?.[0] ?? null, interval?.[1] ?? null];
}
