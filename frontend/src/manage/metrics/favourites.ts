/** Whom people and the metric would each choose among an item's images; pure. */

import type { Schemas } from "@/api/client";

/** The id of the one image that stands above all others; null where there is none. */
export function favourite(
  images: readonly Schemas["DisagreedImage"][],
  by: "human" | "metric",
  direction: string,
): string | null {
  const sign = by === "metric" && direction === "lower" ? -1 : 1;
  const valueOf = ({ human, metric, infinite }: Schemas["DisagreedImage"]) =>
    by === "human" ? human : infinite ? Infinity : metric;
  const known = images.flatMap((image) => {
    const value = valueOf(image);
    return value === null ? [] : [{ id: image.image.id, value: sign * value }];
  });
  if (known.length < 2) return null;
  const best = Math.max(...known.map(({ value }) => value));
  const top = known.filter(({ value }) => value === best);
  return top.length === 1 ? (top[0]?.id ?? null) : null;
}
