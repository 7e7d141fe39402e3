/** A linear axis: its round ticks, and from value to place. Pure. */

export interface Axis {
  from: number;
  to: number;
  ticks: number[];
  /** Decimals that tell neighbouring ticks apart. */
  decimals: number;
}

/**
 * Round ticks that reach over all of `values`; a single value gets room on both sides, all of it
 * within `scale`, where the values have one.
 */
export function axisOf(
  values: readonly number[],
  about = 5,
  scale: readonly [number, number] | null = null,
): Axis {
  let [low, high] = extent(values);
  if (low === high) {
    const room = low === 0 ? 1 : Math.abs(low) / 10;
    [low, high] = [low - room, high + room];
  }
  const step = roundStep((high - low) / about);
  const first = Math.floor(low / step + SLACK);
  const last = Math.ceil(high / step - SLACK);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + SLACK));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(Math.min(20, decimals))),
  );
  const [least, most] = scale ?? [-Infinity, Infinity];
  return {
    from: Math.max(first * step, least),
    to: Math.min(last * step, most),
    ticks: ticks.filter((tick) => tick >= least && tick <= most),
    decimals,
  };
}

/** So much of a step counts as rounding. */
const SLACK = 1e-9;

/** The smallest and the largest; [0, 1] of nothing. */
export function extent(values: readonly number[]): [number, number] {
  // Not Math.min(...values): the arguments of a call are limited.
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 1] : [low, high];
}

/** The smallest of 1, 2, 5 × a power of ten that is at least `rough`. */
export function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - SLACK)) ?? 10;
  return factor * power;
}
