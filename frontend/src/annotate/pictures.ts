/** Fetches and decodes an item's images, so that they paint the moment they are shown. */

import type { Assignment, ItemImage } from "@/api/types";

import type { Picture, Pictures } from "./queue";

const TRIES = 3;

/** Kept so that the browser keeps what it decoded. */
const decoded = new Map<string, HTMLImageElement>();

export async function loadPictures({ item }: Assignment): Promise<Pictures> {
  const loaded = await Promise.all(item.images.map(loadPicture));
  return Object.fromEntries(item.images.map(({ letter }, index) => [letter, loaded[index] ?? null]));
}

export function unloadPictures(pictures: Pictures): void {
  for (const picture of Object.values(pictures)) {
    if (!picture) continue;
    decoded.delete(picture.url);
    URL.revokeObjectURL(picture.url);
  }
}

async function loadPicture(image: ItemImage): Promise<Picture | null> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      return await fetchAndDecode(image);
    } catch {
      // Shown as missing after the last try; the person may ask again or skip.
      if (attempt < TRIES) await pause(attempt * 700);
    }
  }
  return null;
}

async function fetchAndDecode({ url }: ItemImage): Promise<Picture> {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const held = URL.createObjectURL(await response.blob());
  const element = new Image();
  element.src = held;
  try {
    await element.decode();
  } catch (error) {
    URL.revokeObjectURL(held);
    throw error;
  }
  decoded.set(held, element);
  return { url: held, width: element.naturalWidth, height: element.naturalHeight };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
