import type descriptions from "@catalog/en/metrics.json";
import { useTranslation } from "@/i18n/useTranslation";

import type { Metric } from "./queries";

/** What reward heads are called by, before the question whose votes they have learnt. */
const REWARD = "reward.";

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
  return ({ name, description }) => {
    if (name.startsWith(REWARD)) return t("reward", { dimension: name.slice(REWARD.length) });
    return i18n.exists(name, { ns: "metricDescriptions" })
      ? t(name as keyof typeof descriptions)
      : description;
  };
}
