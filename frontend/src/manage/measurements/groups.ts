/** The catalog in the groups that a person chooses from; pure. */

import type { Metric } from "./queries";

export const GROUPS = ["image", "pair", "prompt", "set", "generator"] as const;
export type Group = (typeof GROUPS)[number];

/** An image's metric that reads the prompt too is a group of its own: there are the reward models. */
export function groupOf({ grain, needs }: Metric): Group {
  if (grain === "pair" || grain === "set" || grain === "generator") return grain;
  return needs.includes("prompt") ? "prompt" : "image";
}

/** Groups that have metrics, in the order of GROUPS; those that can be measured here come first. */
export function grouped(metrics: readonly Metric[]): [Group, Metric[]][] {
  return GROUPS.map((group): [Group, Metric[]] => [
    group,
    metrics
      .filter((metric) => groupOf(metric) === group)
      .sort((one, other) => Number(other.available) - Number(one.available)),
  ]).filter(([, members]) => members.length > 0);
}

/** Whether a project chooses it: sets are asked for by themselves, generators only in code. */
export function isChoosable(metric: Metric): boolean {
  return metric.grain === "image" || metric.grain === "pair";
}
