/** Measured sets as tables, one a reference: generators down, metrics across; and what sets are
 * compared with; pure. */

import type { Reason } from "@/i18n/reason";
import { type CsvCell, csvText } from "@/manage/csv";

import type { Reference, SetMeasurement } from "./queries";

export interface SetTable {
  /** Null: measures that need no reference. */
  reference: SetMeasurement["reference"];
  zeroShot: boolean;
  metrics: string[];
  generators: string[];
  cell: (generator: string, metric: string) => SetMeasurement | undefined;
  /** What has to be known to read the numbers, each said once, with the generators it is about. */
  warnings: { reason: Reason; generators: string[] }[];
}

export function setTables(results: readonly SetMeasurement[]): SetTable[] {
  const groups = new Map<string, SetMeasurement[]>();
  for (const one of results) {
    const key = one.reference === null ? "" : String(one.reference.id);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map(tableOf);
}

function tableOf(results: SetMeasurement[]): SetTable {
  const cells = new Map(results.map((one) => [`${one.generator}\n${one.metric}`, one]));
  const warned = new Map<string, { reason: Reason; generators: Set<string> }>();
  for (const { reasons, generator } of results.filter(({ value }) => value !== null)) {
    for (const reason of reasons) {
      const same = warned.get(reason.message) ?? { reason, generators: new Set() };
      same.generators.add(generator);
      warned.set(reason.message, same);
    }
  }
  return {
    reference: results[0]?.reference ?? null,
    zeroShot: results.some((one) => one.zero_shot),
    metrics: [...new Set(results.map((one) => one.metric))].sort(),
    generators: [...new Set(results.map((one) => one.generator))].sort(),
    cell: (generator, metric) => cells.get(`${generator}\n${metric}`),
    warnings: [...warned.values()].map(({ reason, generators }) => ({
      reason,
      generators: [...generators].sort(),
    })),
  };
}

/** The best value of a metric in a table, by its direction; null where there is no choice. */
export function bestOf(table: SetTable, metric: string, direction: string | null): number | null {
  const values = table.generators.flatMap((name) => table.cell(name, metric)?.value ?? []);
  if (values.length < 2) return null;
  if (direction === "higher") return Math.max(...values);
  return direction === "lower" ? Math.min(...values) : null;
}

/** One line a generator and metric, as programs want it. */
export function setsCsv({ generators, metrics, cell }: SetTable): string {
  return csvText(
    [
      "generator", "metric", "version", "reference", "n", "n_reference", "value", "spread",
      "state", "reasons", "network", "device", "dtype", "weights", "at",
    ], // prettier-ignore
    generators.flatMap((generator) =>
      metrics.flatMap((metric): CsvCell[][] => {
        const of = cell(generator, metric);
        if (!of) return [];
        return [
          [
            generator, metric, of.version, of.reference?.name ?? null, of.n, of.n_reference,
            of.value, of.spread, of.state, of.reasons.map(({ code }) => code).join(" "),
            of.network, of.device, of.dtype, of.weights, of.at,
          ],
        ]; // prettier-ignore
      }),
    ),
  );
}

/** One line a reference that sets can be compared with. */
export function referencesCsv(references: readonly Reference[]): string {
  return csvText(
    ["id", "name", "source", "network", "n", "zero_shot", "sha256", "created_at"],
    references.map((one): CsvCell[] => [
      one.id, one.name, one.source, one.network, one.n, String(one.zero_shot), one.sha256,
      one.created_at,
    ]), // prettier-ignore
  );
}
