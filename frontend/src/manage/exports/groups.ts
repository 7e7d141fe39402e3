/** Formats by what they hold; pure. */

import type { ExportFormat } from "@/api/exports";

export type Group = "pairs" | "rankings" | "marks" | "tables" | "datasets" | "others";

const GROUPS: readonly (readonly [Group, readonly string[]])[] = [
  ["pairs", ["preferences", "pickapic", "diffusion-dpo", "hpdv2", "hpdv3", "mps", "trl"]],
  ["rankings", ["imagereward", "imagerewarddb"]],
  ["marks", ["heatmaps", "masks", "richhf"]],
  ["tables", ["scores", "annotations"]],
  ["datasets", ["hf-dataset", "webdataset", "dsdl"]],
];

export interface Grouped {
  group: Group;
  formats: ExportFormat[];
}

/** Every format once, groups without any left out; what has no group yet comes last. */
export function grouped(formats: readonly ExportFormat[]): Grouped[] {
  const placed = new Set(GROUPS.flatMap(([, names]) => names));
  const groups = GROUPS.map(([group, names]) => ({
    group,
    formats: names.flatMap((name) => formats.find((format) => format.name === name) ?? []),
  }));
  const others = formats.filter(({ name }) => !placed.has(name));
  const all: Grouped[] = [...groups, { group: "others", formats: others }];
  return all.filter(({ formats: some }) => some.length > 0);
}
