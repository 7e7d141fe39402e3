import type { Schemas } from "@/api/client";

/** What a batch's share is of: lines, or once these are read, images that are fetched. */
export function shownProgress(batch: Schemas["Batch"]): Schemas["BatchProgress"] {
  return batch.images_named === null ? batch.progress : { done: batch.images, total: batch.images_named };
}
