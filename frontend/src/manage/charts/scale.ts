/** Arithmetic of the small charts. */

/** Round tick values from 0 up to at least `max`; whole numbers, for counts. */
export function countTicks(max: number, about = 4): number[] {
  const step = niceStep(Math.max(1, max) / about);
  const top = Math.ceil(Math.max(1, max) / step) * step;
  return Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return Math.max(1, factor * power);
}

export interface Day {
  /** ISO date, 2026-11-20. */
  date: string;
  count: number;
}

const DAY_MS = 86_400_000;

/**
 * The days up to the last one named, without gaps: a day without work is a zero, not a missing bar.
 * At most `longest` days, the newest kept; at least `shortest`, so that one day is no giant bar.
 */
export function everyDay(days: readonly Day[], longest = 60, shortest = 10): Day[] {
  const counts = new Map(days.map((day) => [day.date, day.count]));
  const times = days.map((day) => Date.parse(`${day.date}T00:00:00Z`));
  if (times.length === 0) return [];
  const last = Math.max(...times);
  const first = Math.max(
    Math.min(...times, last - (shortest - 1) * DAY_MS),
    last - (longest - 1) * DAY_MS,
  );
  return Array.from({ length: Math.round((last - first) / DAY_MS) + 1 }, (_, i) => {
    const date = new Date(first + i * DAY_MS).toISOString().slice(0, 10);
    return { date, count: counts.get(date) ?? 0 };
  });
}

/** Where `value` lies between `from` and `to`, 0..1, held inside. */
export function share(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** Both ends of an interval, which the schema gives as a plain list; null when there is none. */
export function ends(interval: readonly number[] | null): [number, number] | null {
  const [low, high] = interval ?? [];
  return low === undefined || high === undefined ? null : [low, high];
}
