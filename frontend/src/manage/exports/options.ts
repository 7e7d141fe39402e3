/** The form of an export's options, drawn from what the server declares; pure. */

import type { ExportFormat, ExportOption } from "@/api/types";

export type OptionValue = number | string | boolean;
export type OptionValues = Record<string, OptionValue>;

export function defaults(format: ExportFormat): OptionValues {
  return Object.fromEntries(format.options.map((option) => [option.name, option.default]));
}

/** The format's options with the values given where they still fit; the defaults elsewhere. */
export function filledIn(format: ExportFormat, given: OptionValues): OptionValues {
  return Object.fromEntries(
    format.options.map((option) => {
      const value = given[option.name];
      return [option.name, value !== undefined && fits(option, value) ? value : option.default];
    }),
  );
}

export function fits(option: ExportOption, value: OptionValue): boolean {
  switch (option.type) {
    case "bool":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && (option.choices ?? []).includes(value);
    case "number":
      return (
        typeof value === "number" &&
        Number.isFinite(value) &&
        value >= (option.min ?? -Infinity) &&
        value <= (option.max ?? Infinity)
      );
  }
}

/** The names of options whose values the server would refuse. */
export function misfits(format: ExportFormat, values: OptionValues): string[] {
  return format.options
    .filter((option) => !fits(option, values[option.name] ?? ""))
    .map((option) => option.name);
}
