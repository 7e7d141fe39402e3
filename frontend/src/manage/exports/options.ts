/** The form of an export's options, drawn from what the server declares; pure. */

import type { Schemas } from "@/api/client";

type Format = Schemas["ExportFormat"];
type Option = Schemas["ExportOption"];

export type OptionValue = number | string | boolean;
export type OptionValues = Record<string, OptionValue>;

export function isValue(value: unknown): value is OptionValue {
  return ["number", "string", "boolean"].includes(typeof value);
}

/** Values as they came from the server. */
export function valuesOf(given: Record<string, unknown>): OptionValues {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, OptionValue] => isValue(entry[1])),
  );
}

export function defaults(format: Format): OptionValues {
  return valuesOf(Object.fromEntries(format.options.map((one) => [one.name, one.default])));
}

/** The format's options with the values given where they still fit; the defaults elsewhere. */
export function filledIn(format: Format, given: OptionValues): OptionValues {
  const fitting = format.options.flatMap((option) => {
    const value = given[option.name];
    return value !== undefined && fits(option, value) ? [[option.name, value] as const] : [];
  });
  return { ...defaults(format), ...Object.fromEntries(fitting) };
}

export function fits(option: Option, value: OptionValue): boolean {
  switch (option.type) {
    case "bool":
      return typeof value === "boolean";
    case "choice":
    case "question":
      return typeof value === "string" && option.choices.includes(value);
    case "split":
      return typeof value === "string" && sumOf(value) === 100;
    case "batches":
      return typeof value === "string";
    case "number":
      return (
        typeof value === "number" &&
        Number.isFinite(value) &&
        (!option.whole || Number.isInteger(value)) &&
        value >= (option.minimum ?? -Infinity) &&
        value <= (option.maximum ?? Infinity)
      );
  }
}

/** What three whole percents make; NaN for anything else. */
export function sumOf(split: string): number {
  if (!/^\d{1,3}\/\d{1,3}\/\d{1,3}$/.test(split)) return NaN;
  return split.split("/").reduce((sum, part) => sum + Number(part), 0);
}

/** The names of options whose values the server would refuse. */
export function misfits(format: Format, values: OptionValues): string[] {
  return format.options
    .filter((option) => !fits(option, values[option.name] ?? ""))
    .map((option) => option.name);
}

/** The options that differ from the format's defaults: what has to be said to get the same again. */
export function changed(format: Format, values: OptionValues): OptionValues {
  const usual = defaults(format);
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => usual[name] !== value));
}

/** What is set often, and what can stay folded away. Options that say nothing now are in neither. */
export function laidOut(format: Format, values: OptionValues): { usual: Option[]; rare: Option[] } {
  const shown = format.options.filter(({ needs }) =>
    Object.entries(needs).every(([name, value]) => values[name] === value),
  );
  return { usual: shown.filter(({ rare }) => !rare), rare: shown.filter(({ rare }) => rare) };
}
