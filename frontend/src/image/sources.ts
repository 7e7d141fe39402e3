/** Which of an image's files to show: a small one while it is whole, its exact pixels up close. */

import type { Size } from "./geometry";

/** A copy of the image in some size, lossily compressed. Never larger than the image. */
export interface SizedCopy extends Size {
  readonly url: string;
}

/** `url`: the exact pixels, losslessly compressed. `sizes`: copies of it, the smallest first. */
export interface Sources {
  readonly url: string;
  readonly sizes: readonly SizedCopy[];
}

export interface Source {
  readonly url: string;
  readonly exact: boolean;
}

/**
 * The file for an image that is `cssWidth` CSS pixels wide while the whole of it is seen.
 *
 * Magnified (`zoom` above 1), it is the exact pixels: whoever looks closely judges what is there.
 * Else it is the smallest copy that has a pixel for each of the screen's, or the largest copy.
 */
export function sourceFor(
  { url, sizes }: Sources,
  cssWidth: number,
  devicePixelRatio: number,
  zoom: number,
): Source {
  const needed = cssWidth * devicePixelRatio;
  const copy = sizes.find(({ width }) => width >= needed - 0.5) ?? sizes.at(-1);
  return zoom > 1 || !copy ? { url, exact: true } : { url: copy.url, exact: false };
}

/** How wide an image is when `count` of them fill a window side by side: no stage is larger. */
export function widthInWindow(image: Size, count: number, window: Size): number {
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const scale = Math.min(
    window.width / columns / image.width,
    window.height / rows / image.height,
  );
  return image.width * scale;
}
