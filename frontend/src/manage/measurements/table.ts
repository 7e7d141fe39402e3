/** Sorting, filtering and writing out measured images; pure. */

import { type CsvCell, csvText } from "@/manage/csv";

import type { MeasuredImage, MeasuredValue, Metric } from "./queries";

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
  const of = valueOf(image, metric);
  if (of?.infinite) return Infinity;
  return typeof of?.value === "number" ? of.value : null;
}

/** Images without a value come last, whichever way the rest is sorted. */
export function sorted(images: readonly MeasuredImage[], order: Order | null): MeasuredImage[] {
  if (order === null) return [...images];
  const sign = order.descending ? -1 : 1;
  return [...images].sort((one, other) => {
    const left = numberOf(one, order.metric);
    const right = numberOf(other, order.metric);
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    // Two that are infinite have no difference.
    return left === right ? 0 : sign * (left - right);
  });
}

/** The image could not be read, or one of its values could not be made. */
export function isBroken({ image, values }: MeasuredImage): boolean {
  return image.problem !== null || values.some((value) => value.state === "failed");
}

export function filtered(images: readonly MeasuredImage[], filter: Filter): MeasuredImage[] {
  return images.filter((measured) => {
    if (filter.generator !== null && measured.image.generator !== filter.generator) return false;
    if (filter.only === "failed") return isBroken(measured);
    return filter.only === "all" || measured.near_duplicates.length > 0;
  });
}

/** The metrics of which any of these images has a value, or a failure. */
export function measuredOf(
  metrics: readonly Metric[],
  images: readonly MeasuredImage[],
): Metric[] {
  const named = new Set(images.flatMap(({ values }) => values.map(({ metric }) => metric)));
  return metrics.filter(({ name }) => named.has(name));
}

/** One line an image and metric, as programs want it. */
export function imagesCsv(images: readonly MeasuredImage[]): string {
  return csvText(
    [
      "image", "generator", "prompt", "width", "height", "metric", "version",
      "value", "text", "state", "reasons",
    ], // prettier-ignore
    images.flatMap(({ image, values }) =>
      values.map((of): CsvCell[] => [
        image.id, image.generator, image.prompt, image.width, image.height, of.metric, of.version,
        of.infinite ? "inf" : of.value, of.text, of.state, of.reasons.map(({ code }) => code).join(" "),
      ]), // prettier-ignore
    ),
  );
}
