import type { Metric } from "@/api/types";

/** A hash is a text to compare, not a number to sort or average. */
export function isNumeric(metric: Metric): boolean {
  return metric.unit !== "hash";
}

export function directionKey(metric: Metric): "higher" | "lower" | "neutral" {
  return metric.direction === "higher" || metric.direction === "lower"
    ? metric.direction
    : "neutral";
}
