/** The table of metrics × dimensions: which number is in a cell, on which scale; pure. */

import type { Estimate, MetricAgreement } from "./queries";


export const STATISTICS = ["srcc", "plcc", "tau_b", "raw", "calibrated"] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Whether all images are compared with each other, or only those of one prompt. */
export type Grouping = "pooled" | "per_prompt";

export function isAccuracy(statistic: Statistic): statistic is "raw" | "calibrated" {
  return statistic === "raw" || statistic === "calibrated";
}

/** Accuracies count pairs within a prompt, whatever the grouping. */
export function estimateOf(
  row: MetricAgreement,
  statistic: Statistic,
  grouping: Grouping,
): Estimate {
  return isAccuracy(statistic) ? row.accuracy[statistic] : row[grouping][statistic];
}

/**
 * How well people agree with themselves on the same scale: what no metric can be asked to pass.
 * √reliability bounds a correlation of values and of ranks; for Kendall's tau it is no bound.
 */
export function ceilingOf(row: MetricAgreement, statistic: Statistic): Estimate | null {
  if (isAccuracy(statistic)) return row.human_accuracy;
  return statistic === "tau_b" ? null : row.ceiling;
}

export interface Scale {
  from: number;
  to: number;
  /** Where a metric that knows nothing stands. */
  chance: number;
}

export function scaleOf(statistic: Statistic): Scale {
  return isAccuracy(statistic) ? { from: 0, to: 1, chance: 0.5 } : { from: -1, to: 1, chance: 0 };
}

/** Whether the interval lies to one side of chance. */
export function tells({ value, interval }: Estimate, { chance }: Scale): boolean {
  const [low, high] = interval ?? [];
  return value !== null && low !== undefined && high !== undefined && (low > chance || high < chance);
}

export interface Matrix {
  dimensions: string[];
  metrics: string[];
  cell: (metric: string, dimension: string) => MetricAgreement | undefined;
}

export function matrixOf(rows: readonly MetricAgreement[]): Matrix {
  const cells = new Map(rows.map((row) => [keyOf(row.metric, row.dimension), row]));
  return {
    dimensions: [...new Set(rows.map((row) => row.dimension))],
    metrics: [...new Set(rows.map((row) => row.metric))],
    cell: (metric, dimension) => cells.get(keyOf(metric, dimension)),
  };
}

function keyOf(metric: string, dimension: string): string {
  return `${metric} ${dimension}`;
}

/** Metrics by their number in one dimension, the highest first; those without one come last. */
export function ranked(
  matrix: Matrix,
  dimension: string,
  statistic: Statistic,
  grouping: Grouping,
): string[] {
  const value = (metric: string) => {
    const row = matrix.cell(metric, dimension);
    return (row && estimateOf(row, statistic, grouping).value) ?? -Infinity;
  };
  return [...matrix.metrics].sort((one, other) => {
    const [left, right] = [value(one), value(other)];
    return left === right ? one.localeCompare(other) : right - left;
  });
}
