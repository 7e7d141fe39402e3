/** What two images differ in, pixel by pixel, in the values that the screen is given (sRGB, 0..255). */

export interface Difference {
  /** RGBA bytes, amplified and clipped. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Of all channels of all pixels, before it is amplified. */
  readonly largest: number;
  readonly mean: number;
}

/** ITU-R BT.709, the primaries of sRGB. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;

/**
 * |a - b| times `gain`. With `luminance`, of one weighted mean of red, green and blue, as grey.
 * `a` and `b`: RGBA bytes of images of one size; RangeError if they are not.
 */
export function differenceOf(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  { gain, luminance }: { gain: number; luminance: boolean },
): Difference {
  if (a.length !== b.length) throw new RangeError("images of one size have as many bytes");
  const pixels = new Uint8ClampedArray(a.length);
  let largest = 0;
  let sum = 0;
  for (let k = 0; k < a.length; k += 4) {
    const red = (a[k] ?? 0) - (b[k] ?? 0);
    const green = (a[k + 1] ?? 0) - (b[k + 1] ?? 0);
    const blue = (a[k + 2] ?? 0) - (b[k + 2] ?? 0);
    const grey = Math.abs(LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue);
    const of = luminance ? [grey, grey, grey] : [Math.abs(red), Math.abs(green), Math.abs(blue)];
    for (let c = 0; c < 3; c += 1) {
      const value = of[c] ?? 0;
      pixels[k + c] = value * gain;
      sum += value;
      if (value > largest) largest = value;
    }
    pixels[k + 3] = 255;
  }
  return { pixels, largest, mean: a.length === 0 ? 0 : sum / ((a.length / 4) * 3) };
}
