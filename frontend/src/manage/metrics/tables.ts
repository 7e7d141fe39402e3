/** Metrics and people as CSV: every statistic, two metrics compared, where one parts from people; pure. */

import type { Schemas } from "@/api/client";
import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

import { estimateOf, isAccuracy, STATISTICS } from "./matrix";
import type { Estimate, MetricAgreement } from "./queries";

const HEADER = [
  "question", "metric", "version", "statistic", "grouping", "n", "value", "low_95", "high_95",
]; // prettier-ignore

/** One line a metric, question and statistic, as programs want it. */
export function rowsCsv(rows: readonly MetricAgreement[]): string {
  return csvText(HEADER, rows.flatMap(statistics));
}

/** One metric's statistics on one question, and what they are to be seen beside. */
export function cellCsv(row: MetricAgreement): string {
  return csvText(HEADER, [
    ...statistics(row),
    line(row, "people_ceiling", "", row.ceiling),
    line(row, "people_accuracy", "", row.human_accuracy),
    line(row, "srcc", "by_generator", row.by_generator.srcc),
  ]);
}

function statistics(row: MetricAgreement): CsvCell[][] {
  return STATISTICS.flatMap((statistic) =>
    isAccuracy(statistic)
      ? [line(row, statistic, "", estimateOf(row, statistic, "pooled"))]
      : (["pooled", "per_prompt"] as const).map((grouping) =>
          line(row, statistic, grouping, estimateOf(row, statistic, grouping)),
        ),
  );
}

function line(row: MetricAgreement, statistic: string, grouping: string, of: Estimate): CsvCell[] {
  const { n, value, interval } = of;
  return [
    row.dimension, row.metric, row.version, statistic, grouping, n, value, ...lowHigh(interval),
  ]; // prettier-ignore
}

/** Win rates and strengths by votes alone and with a metric: two lines a generator. */
export function poweredCsv(found: Schemas["PoweredRates"]): string {
  return csvText(
    [
      "question", "metric", "generator", "of", "votes", "other_pairs",
      "win_rate", "low_95", "high_95", "worth_votes", "elo", "elo_low_95", "elo_high_95", "elo_worth_votes",
    ], // prettier-ignore
    found.rows.flatMap((row): CsvCell[][] =>
      (["alone", "powered"] as const).map((of) => [
        found.dimension, found.metric, row.generator, of, row.votes, row.pairs,
        row[of].value, ...lowHigh(row[of].interval), of === "powered" ? row.worth : null,
        row[`elo_${of}`].value, ...lowHigh(row[`elo_${of}`].interval),
        of === "powered" ? row.elo_worth : null,
      ]), // prettier-ignore
    ),
  );
}

/** Each metric against each person: one line both. */
export function replaceableCsv(found: Schemas["ReplaceableMetrics"]): string {
  return csvText(
    [
      "question", "metric", "version", "passes", "winning_rate", "advantage", "low_95", "high_95",
      "person", "answers", "prompts", "metric_near", "person_near", "p", "won",
    ], // prettier-ignore
    found.rows.flatMap((row) =>
      row.against.map((one): CsvCell[] => [
        found.dimension, row.metric, row.version, String(row.passes), row.winning_rate,
        row.advantage.value, ...lowHigh(row.advantage.interval),
        one.name, one.n, one.prompts, one.metric, one.own, one.p, String(one.won),
      ]), // prettier-ignore
    ),
  );
}

/** People and each metric by training step: one line a step. */
export function stepsCsv(found: Schemas["MetricsBySteps"]): string {
  const series: [string, readonly Estimate[]][] = [
    ["people", found.steps.map(({ people }) => people)],
    ...found.metrics.map(({ metric, means }): [string, readonly Estimate[]] => [metric, means]),
  ];
  return csvText(
    ["question", "against", "of", "step", "n", "mean", "low_95", "high_95"],
    series.flatMap(([of, means]) =>
      means.map(({ n, value, interval }, place): CsvCell[] => [
        found.dimension, found.against, of, found.steps[place]?.step ?? null, n, value, ...lowHigh(interval),
      ]), // prettier-ignore
    ),
  );
}

/** Two metrics on the same items: one line a coefficient and what it is of. */
export function rivalsCsv(found: Schemas["RivalMetrics"]): string {
  return csvText(
    [
      "question", "coefficient", "of", "n", "value", "low_95", "high_95",
      "bootstrap_p", "williams_t", "williams_degrees", "williams_p",
    ], // prettier-ignore
    found.correlations.flatMap(({ coefficient, first, second, mutual, difference, p, williams }) => {
      const compared: [string, Estimate, CsvCell[]][] = [
        [found.first, first, []],
        [found.second, second, []],
        ["mutual", mutual, []],
        ["difference", difference, [p, williams?.t ?? null, williams?.degrees ?? null, williams?.p ?? null]],
      ];
      return compared.map(([name, of, tests]): CsvCell[] => [
        found.dimension, coefficient, name, of.n, of.value, ...lowHigh(of.interval),
        ...(tests.length > 0 ? tests : [null, null, null, null]),
      ]); // prettier-ignore
    }),
  );
}

/** One line an image of each item, the items farthest apart first. */
export function disagreementsCsv(
  { dimension, metric }: Pick<MetricAgreement, "dimension" | "metric">,
  items: readonly Schemas["Disagreement"][],
): string {
  return csvText(
    ["question", "metric", "place", "item", "key", "prompt", "image", "generator", "people", "value"],
    items.flatMap((one, place) =>
      one.images.map(({ image, human, metric: value, infinite }): CsvCell[] => [
        dimension, metric, place + 1, one.item, one.key, one.prompt,
        image.id, image.generator, human, infinite ? "inf" : value,
      ]), // prettier-ignore
    ),
  );
}
