import type descriptions from "@catalog/en/metrics.json";
import { useTranslation } from "@/i18n/useTranslation";

import type { Metric } from "./queries";

/** A hash is a text to compare, not a number to sort or average. */
export function isNumeric(metric: Metric): boolean {
  return metric.unit !== "hash";
}

export function directionKey(direction: string | null): "higher" | "lower" | "neutral" {
  return direction === "higher" || direction === "lower" ? direction : "neutral";
}

/** An arrow beside the words, which say the same. */
export const ARROWS = { higher: "↑", lower: "↓", neutral: "·" } as const;

/** What a metric measures, in the reader's language; the server's words for an unknown one. */
export function useDescription(): (metric: Pick<Metric, "name" | "description">) => string {
  const { t, i18n } = useTranslation("metricDescriptions");
  return ({ name, description }) =>
    i18n.exists(name, { ns: "metricDescriptions" })
      ? t(name as keyof typeof descriptions)
      : description;
}
