/** Which items are listed: kept in the address, so that a list can be sent to somebody. */

import type { Schemas } from "@/api/client";

export type ItemState = Schemas["ListedItem"]["state"];
export const STATES: readonly ItemState[] = ["open", "in_work", "waiting", "settled", "excluded"];
export const ORDERS = ["newest", "oldest", "disagreement"] as const;
export type Order = (typeof ORDERS)[number];

export interface ItemFilters {
  search: string;
  batch: number | null;
  state: ItemState | null;
  sampled: boolean | null;
  generator: string;
  annotator: number | null;
  disagreement: number | null;
  metric: string;
  metricMin: number | null;
  metricMax: number | null;
  meta: string;
  metaValue: string;
  order: Order;
}

export const NO_FILTERS: ItemFilters = {
  search: "",
  batch: null,
  state: null,
  sampled: null,
  generator: "",
  annotator: null,
  disagreement: null,
  metric: "",
  metricMin: null,
  metricMax: null,
  meta: "",
  metaValue: "",
  order: "newest",
};

export function filtersOf(address: URLSearchParams): ItemFilters {
  const number = (name: string) => {
    const text = address.get(name);
    const value = Number(text);
    return text === null || text === "" || !Number.isFinite(value) ? null : value;
  };
  const one = <T extends string>(name: string, all: readonly T[]) =>
    all.find((each) => each === address.get(name)) ?? null;
  const sampled = one("sampled", ["true", "false"]);
  return {
    search: address.get("search") ?? "",
    batch: number("batch"),
    state: one("state", STATES),
    sampled: sampled === null ? null : sampled === "true",
    generator: address.get("generator") ?? "",
    annotator: number("annotator"),
    disagreement: number("disagreement"),
    metric: address.get("metric") ?? "",
    metricMin: number("metric_min"),
    metricMax: number("metric_max"),
    meta: address.get("meta") ?? "",
    metaValue: address.get("meta_value") ?? "",
    order: one("order", ORDERS) ?? "newest",
  };
}

/** The same as parameters, of the address and of the call alike; what asks for nothing is not there. */
export function parametersOf(filters: ItemFilters): Record<string, string> {
  const all: Record<string, string | number | boolean | null> = {
    search: filters.search,
    batch: filters.batch,
    state: filters.state,
    sampled: filters.sampled,
    generator: filters.generator,
    annotator: filters.annotator,
    disagreement: filters.disagreement,
    metric: filters.metric,
    metric_min: filters.metric === "" ? null : filters.metricMin,
    metric_max: filters.metric === "" ? null : filters.metricMax,
    meta: filters.meta,
    meta_value: filters.meta === "" ? null : filters.metaValue,
    order: filters.order === "newest" ? null : filters.order,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === null || value === "" ? [] : [[name, String(value)]],
    ),
  );
}

/** Whether anything but the order is asked for. */
export function isFiltered(filters: ItemFilters): boolean {
  return Object.keys(parametersOf({ ...filters, order: "newest" })).length > 0;
}
