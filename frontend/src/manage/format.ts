/** Numbers, sizes and times as a person reads them, in the given language (a BCP 47 tag). */

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Powers of 1,000, as the unit names say. */
export function bytes(count: number, language: string): string {
  const power = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: BYTE_UNITS[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}

export function integer(count: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(count);
}

/** What rounds to nothing has no sign: 0.00, never -0.00. */
function unsigned(value: number, digits: number): number {
  return Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
}

export function percent(share: number, language: string, digits = 0): string {
  return new Intl.NumberFormat(language, {
    style: "percent",
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(unsigned(share, digits + 2));
}

/** Four significant digits: enough to compare, few enough to read. */
export function measured(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 4 }).format(value);
}

/** The same; where it is infinite, `value` is what stands for it, of its sign. */
export function measuredOrInfinite(value: number, infinite: boolean, language: string): string {
  if (!infinite) return measured(value, language);
  return value < 0 ? "−∞" : "∞";
}

/**
 * Mean and deviation to the decimals that the deviation's two leading digits have. One of 0 is left
 * out: where every subset is the whole set, there is nothing to deviate.
 */
export function spread(mean: number, deviation: number | null, language: string): string {
  if (deviation === null || deviation === 0) return measured(mean, language);
  const digits = 1 - Math.floor(Math.log10(deviation));
  const decimals = Math.min(8, Math.max(0, digits));
  return `${fixed(mean, language, decimals)} ± ${fixed(deviation, language, decimals)}`;
}

export function fixed(value: number, language: string, digits: number): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(unsigned(value, digits));
}

export function dateTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(iso),
  );
}

/** The time of day; with the date where that is another than today's. */
export function time(iso: string, language: string): string {
  const at = new Date(iso);
  if (at.toDateString() !== new Date().toDateString()) return dateTime(iso, language);
  return new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(at);
}

export function date(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(new Date(iso));
}

/** A calendar day (2026-11-20), the same in every time zone. */
export function day(isoDate: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${isoDate}T00:00:00Z`));
}

/** Seconds below two minutes, then minutes, then hours, days. */
export function duration(ms: number, language: string): string {
  const steps = [
    { unit: "second", ms: 1_000, below: 120 },
    { unit: "minute", ms: 60_000, below: 120 },
    { unit: "hour", ms: 3_600_000, below: 48 },
    { unit: "day", ms: 86_400_000, below: Infinity },
  ] as const;
  const step = steps.find((candidate) => ms / candidate.ms < candidate.below) ?? steps[3];
  const value = ms / step.ms;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: step.unit,
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
