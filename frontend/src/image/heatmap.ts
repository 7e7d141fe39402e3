/**
 * Consensus heatmaps from clicked points, for looking at, in the image's own proportions. Exports are
 * drawn by scoring/heatmap.py, in square maps.
 *
 * Within one person points combine by max (three clicks never exceed 1); across people the maps are
 * averaged, empty maps included. Points are fractions of the image (0..1 from the top left); the
 * centre of grid cell (i, j) lies at ((i + 0.5) / width, (j + 0.5) / height).
 */

export interface Fraction {
  x: number;
  y: number;
}

export interface Grid {
  width: number;
  height: number;
  /** Row by row, each 0..1. */
  values: Float32Array;
}

export interface HeatmapSize {
  width: number;
  height: number;
  /** Standard deviation in grid cells. */
  sigma: number;
}

/** The share of the image's height that one standard deviation takes. */
export const SIGMA_OF_HEIGHT = 1 / 40;

/** A grid in the image's proportions whose longer side has `longest` cells. */
export function heatmapSize(image: { width: number; height: number }, longest = 256): HeatmapSize {
  const scale = longest / Math.max(image.width, image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  return { width, height, sigma: height * SIGMA_OF_HEIGHT };
}

/** One person's map: at each cell the largest Gaussian of that person's points. */
export function personHeatmap(points: readonly Fraction[], size: HeatmapSize): Grid {
  const values = new Float32Array(size.width * size.height);
  for (const point of points) raiseToGaussian(values, point, size);
  return { width: size.width, height: size.height, values };
}

/** The mean over people; a person without points counts as an empty map. Needs at least one person. */
export function consensusHeatmap(
  people: readonly (readonly Fraction[])[],
  size: HeatmapSize,
): Grid {
  if (people.length === 0) throw new RangeError("a consensus needs at least one person");
  const values = new Float32Array(size.width * size.height);
  for (const points of people) {
    const own = personHeatmap(points, size).values;
    for (let k = 0; k < values.length; k += 1) {
      values[k] = (values[k] ?? 0) + (own[k] ?? 0) / people.length;
    }
  }
  return { width: size.width, height: size.height, values };
}

/** The variance over people at each cell, 1 where half mark a place and half don't (four times it). */
export function spreadHeatmap(people: readonly (readonly Fraction[])[], size: HeatmapSize): Grid {
  const mean = consensusHeatmap(people, size).values;
  const values = new Float32Array(size.width * size.height);
  for (const points of people) {
    const own = personHeatmap(points, size).values;
    for (let k = 0; k < values.length; k += 1) {
      values[k] = (values[k] ?? 0) + (4 * ((own[k] ?? 0) - (mean[k] ?? 0)) ** 2) / people.length;
    }
  }
  return { width: size.width, height: size.height, values };
}

function raiseToGaussian(values: Float32Array, point: Fraction, size: HeatmapSize): void {
  const across = gaussianProfile(point.x * size.width - 0.5, size.width, size.sigma);
  const down = gaussianProfile(point.y * size.height - 0.5, size.height, size.sigma);
  for (let j = 0; j < size.height; j += 1) {
    const row = j * size.width;
    const weight = down[j] ?? 0;
    for (let i = 0; i < size.width; i += 1) {
      const value = weight * (across[i] ?? 0);
      if (value > (values[row + i] ?? 0)) values[row + i] = value;
    }
  }
}

function gaussianProfile(centre: number, length: number, sigma: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.exp(-((i - centre) ** 2) / (2 * sigma ** 2)));
}

/** A colour as red, green, blue, each 0..255. */
export type Rgb = readonly [number, number, number];

/**
 * RGBA bytes (4 a cell) of a grid: opacity follows the value, colour runs along `ramp` from 0 to 1.
 * Values below 1/255 are fully transparent, so that an empty map hides nothing of the image.
 */
export function heatmapPixels(
  grid: Grid,
  ramp: readonly Rgb[],
  opacity = 0.85,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(grid.values.length * 4);
  for (let k = 0; k < grid.values.length; k += 1) {
    const value = Math.min(1, grid.values[k] ?? 0);
    if (value < 1 / 255) continue;
    const [red, green, blue] = colourAt(ramp, value);
    pixels[4 * k] = red;
    pixels[4 * k + 1] = green;
    pixels[4 * k + 2] = blue;
    pixels[4 * k + 3] = 255 * opacity * Math.sqrt(value);
  }
  return pixels;
}

function colourAt(ramp: readonly Rgb[], value: number): Rgb {
  const place = value * (ramp.length - 1);
  const low = ramp[Math.floor(place)] ?? [0, 0, 0];
  const high = ramp[Math.ceil(place)] ?? low;
  const share = place - Math.floor(place);
  return [0, 1, 2].map((c) => (low[c] ?? 0) * (1 - share) + (high[c] ?? 0) * share) as unknown as Rgb;
}
