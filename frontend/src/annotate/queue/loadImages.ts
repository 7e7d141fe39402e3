/** Fetches and decodes an item's images, so that they paint the moment they are shown. */

import type { Assignment } from "@/annotate/server";
import { sourceFor, widthInWindow } from "@/image/sources";

import type { Image, Images } from "./imageCache";

type ItemImage = Pick<Assignment["item"]["images"][number], "url" | "sizes" | "width" | "height">;

const TRIES = 3;

/** Kept so that the browser keeps what it decoded. */
const decoded = new Map<string, HTMLImageElement>();

export async function loadImages({ item }: Assignment): Promise<Images> {
  const named: readonly (readonly [string, ItemImage])[] = [
    ...item.images.map((image) => [image.letter, image] as const),
    ...item.beside.map((image) => [image.id, image] as const),
  ];
  const loaded = named.map(async ([name, image]) => [name, await loadImage(image, named.length)] as const);
  return Object.fromEntries(await Promise.all(loaded));
}

export function unloadImages(images: Images): void {
  for (const image of Object.values(images)) {
    if (!image) continue;
    decoded.delete(image.url);
    URL.revokeObjectURL(image.url);
  }
}

/** What the browser has thrown away of what it had decoded, it decodes again before it is shown. */
export function warmImages(images: Images): void {
  for (const image of Object.values(images)) {
    if (image) void decoded.get(image.url)?.decode().catch(() => undefined);
  }
}

async function loadImage(image: ItemImage, count: number): Promise<Image | null> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      return await fetchAndDecode(image, count);
    } catch {
      // Shown as missing after the last try; the person may ask again or skip.
      if (attempt < TRIES) await pause(attempt * 700);
    }
  }
  return null;
}

async function fetchAndDecode(image: ItemImage, count: number): Promise<Image> {
  const { innerWidth, innerHeight, devicePixelRatio } = window;
  const widest = widthInWindow(image, count, { width: innerWidth, height: innerHeight });
  const { url } = sourceFor(image, widest, devicePixelRatio, 1);
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
  return { url: held, exactUrl: image.url, width: image.width, height: image.height };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
