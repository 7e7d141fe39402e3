/** Grey as heat: what one person of three marked has to be seen as well; pure. */

/** In place, RGBA: black turns clear, white a pink that few images have. */
export function heated(rgba: Uint8ClampedArray): void {
  for (let at = 0; at < rgba.length; at += 4) {
    const value = (rgba[at] ?? 0) / 255;
    rgba[at] = 255;
    rgba[at + 1] = 0;
    rgba[at + 2] = 140;
    rgba[at + 3] = 255 * Math.sqrt(value);
  }
}
