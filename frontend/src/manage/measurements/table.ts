/** Sorting, filtering and averaging measured images; pure. */

import type { MeasuredImage, MeasuredValue } from "@/api/types";

export interface Order {
  metric: string;
  descending: boolean;
}

export interface Filter {
  generator: string | null;
  only: "all" | "failed" | "near";
}

export function valueOf(image: MeasuredImage, metric: string): MeasuredValue | undefined {
  return image.values.find((value) => value.metric === metric);
}

function numberOf(image: MeasuredImage, metric: string): number | null {
  const value = valueOf(image, metric)?.value;
  return typeof value === "number" ? value : null;
}

/** Images without a value come last, whichever way the rest is sorted. */
export function sorted(images: readonly MeasuredImage[], order: Order | null): MeasuredImage[] {
  if (order === null) return [...images];
  const sign = order.descending ? -1 : 1;
  return [...images].sort((one, other) => {
    const left = numberOf(one, order.metric);
    const right = numberOf(other, order.metric);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}

export function filtered(
  images: readonly MeasuredImage[],
  filter: Filter,
  near: ReadonlyMap<string, unknown>,
): MeasuredImage[] {
  return images.filter(({ image, values }) => {
    if (filter.generator !== null && image.generator !== filter.generator) return false;
    if (filter.only === "failed") return values.some((value) => value.state === "failed");
    return filter.only === "all" || near.has(image.id);
  });
}

export interface Summary {
  n: number;
  mean: number;
  /** Sample standard deviation (n − 1); null below two values. */
  deviation: number | null;
}

/** Mean and deviation per generator and metric; a metric without numbers has no entry. */
export function summaries(
  images: readonly MeasuredImage[],
  metrics: readonly string[],
): Map<string, Map<string, Summary>> {
  const byGenerator = new Map<string, MeasuredImage[]>();
  for (const image of images) {
    const group = byGenerator.get(image.image.generator) ?? [];
    group.push(image);
    byGenerator.set(image.image.generator, group);
  }
  const names = [...byGenerator.keys()].sort((one, other) => one.localeCompare(other));
  return new Map(
    names.map((name) => [name, summariesOf(byGenerator.get(name) ?? [], metrics)] as const),
  );
}

function summariesOf(
  images: readonly MeasuredImage[],
  metrics: readonly string[],
): Map<string, Summary> {
  const entries = metrics.flatMap((metric): [string, Summary][] => {
    const numbers = images.flatMap((image) => numberOf(image, metric) ?? []);
    return numbers.length === 0 ? [] : [[metric, summary(numbers)]];
  });
  return new Map(entries);
}

export function summary(numbers: readonly number[]): Summary {
  const n = numbers.length;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / n;
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return { n, mean, deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
}
