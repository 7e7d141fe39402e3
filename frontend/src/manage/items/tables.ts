/** The items as they are listed, as CSV; pure. */

import { type CsvCell, csvText } from "@/manage/csv";

import type { ListedItem } from "./queries";

const OF_IMAGES = " | ";

/**
 * One line an item; its generators in the order of its letters. What came with items is a column
 * `meta.KEY` each, what came with images `image_meta.KEY`, in the same order as the generators.
 */
export function itemsCsv(items: readonly ListedItem[]): string {
  const keys = keysOf(items.map((one) => one.meta));
  const imageKeys = keysOf(items.flatMap((one) => one.images.map((image) => image.meta)));
  return csvText(
    [
      "id", "key", "prompt", "batch", "batch_name", "generators", "state", "sampled",
      "answers", "overlap", "extra_votes", "overridden", "disagreement", "settled_at",
      ...keys.map((key) => `meta.${key}`), ...imageKeys.map((key) => `image_meta.${key}`),
    ], // prettier-ignore
    items.map((one): CsvCell[] => [
      one.id, one.key, one.prompt, one.batch, one.batch_name,
      one.images.map((image) => image.generator).join(OF_IMAGES), one.state, String(one.sampled),
      one.answers, one.overlap, one.extra_votes, String(one.overridden),
      one.disagreement, one.settled_at,
      ...keys.map((key) => one.meta[key] ?? null),
      ...imageKeys.map((key) => ofImages(one, key)),
    ]), // prettier-ignore
  );
}

function ofImages(item: ListedItem, key: string): string | null {
  const given = item.images.map((image) => image.meta[key] ?? "");
  return given.some((value) => value !== "") ? given.join(OF_IMAGES) : null;
}

function keysOf(metas: readonly Readonly<Record<string, string>>[]): string[] {
  return [...new Set(metas.flatMap((meta) => Object.keys(meta)))].sort();
}
