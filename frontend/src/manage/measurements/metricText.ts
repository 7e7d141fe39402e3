import { useTranslation } from "react-i18next";

import type { Metric } from "@/api/types";
import type { manage } from "@/i18n/en/manage";

type Known = keyof (typeof manage)["measurements"]["metrics"];

/** A hash is a text to compare, not a number to sort or average. */
export function isNumeric(metric: Metric): boolean {
  return metric.unit !== "hash";
}

export function directionKey(metric: Metric): "higher" | "lower" | "neutral" {
  return metric.direction === "higher" || metric.direction === "lower"
    ? metric.direction
    : "neutral";
}

/** What a metric measures, in the reader's language; the server's words for an unknown one. */
export function useDescription(): (metric: Metric) => string {
  const { t, i18n } = useTranslation("manage");
  return ({ name, description }) =>
    i18n.exists(`measurements.metrics.${name}`, { ns: "manage" })
      ? t(`measurements.metrics.${name as Known}`)
      : description;
}
