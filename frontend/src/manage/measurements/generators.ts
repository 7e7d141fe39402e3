/** The table of generators: order, which one is best, and the table as CSV; pure. */

import { type CsvCell, csvText } from "@/manage/csv";

import type { GeneratorMean, GeneratorRow, Metric } from "./queries";

export type Row = GeneratorRow;

export interface Order {
  metric: string;
  descending: boolean;
}

export function meanOf(row: Row, metric: string): GeneratorMean | undefined {
  return row.metrics.find((one) => one.metric === metric);
}

/** By name, or by a metric's mean; rows without a mean come last both ways. */
export function ordered(rows: readonly Row[], order: Order | null): Row[] {
  const byName = [...rows].sort((one, other) => one.generator.localeCompare(other.generator));
  if (order === null) return byName;
  const sign = order.descending ? -1 : 1;
  return byName.sort((one, other) => {
    const left = meanOf(one, order.metric)?.mean ?? null;
    const right = meanOf(other, order.metric)?.mean ?? null;
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}

/** The first press on a column shows the better ones first; the next ones turn it round. */
export function turned(order: Order | null, metric: Metric): Order {
  if (order?.metric === metric.name) return { ...order, descending: !order.descending };
  return { metric: metric.name, descending: metric.direction !== "lower" };
}

export type Place = "best" | "level";

/**
 * The best generator by the metric's direction, and those whose 95 % interval reaches into its own
 * ("level": this many images do not tell them apart). Empty for a metric that only describes, and
 * where there is nothing to compare with.
 */
export function places(rows: readonly Row[], metric: Metric): Map<string, Place> {
  const found = new Map<string, Place>();
  if (metric.direction !== "higher" && metric.direction !== "lower") return found;
  const [first, ...others] = ordered(rows, {
    metric: metric.name,
    descending: metric.direction === "higher",
  }).filter((row) => typeof meanOf(row, metric.name)?.mean === "number");
  if (first === undefined || others.length === 0) return found;
  const best = meanOf(first, metric.name);
  found.set(first.generator, "best");
  for (const row of others) {
    const mean = meanOf(row, metric.name);
    if (best && mean && (mean.mean === best.mean || overlap(best, mean))) {
      found.set(row.generator, "level");
    }
  }
  return found;
}

function overlap(one: GeneratorMean, other: GeneratorMean): boolean {
  if (one.low === null || one.high === null || other.low === null || other.high === null) {
    return false;
  }
  return one.low <= other.high && other.low <= one.high;
}

/** The ends of a metric's intervals over all generators, for one scale a column. */
export function reach(rows: readonly Row[], metric: string): [number, number] | null {
  const all = rows.flatMap((row) => {
    const mean = meanOf(row, metric);
    if (typeof mean?.mean !== "number") return [];
    return [mean.low ?? mean.mean, mean.high ?? mean.mean];
  });
  if (all.length === 0) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return low === high ? [low - 1, high + 1] : [low, high];
}

const HEADER = [
  "generator", "images", "metric", "version", "n", "failed", "infinite", "mean", "sd", "low_95", "high_95",
]; // prettier-ignore

/** One line a generator and metric, as programs want it. */
export function generatorsCsv(rows: readonly Row[]): string {
  const lines = rows.flatMap((row) =>
    row.metrics.map((one): CsvCell[] => [
      row.generator, row.images, one.metric, one.version, one.n, one.failed, one.infinite,
      one.mean, one.sd, one.low, one.high,
    ]), // prettier-ignore
  );
  return csvText(HEADER, lines);
}
