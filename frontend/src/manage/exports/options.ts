/** The form of an export's options, drawn from what the server declares; pure. */

import type { ExportFormat, ExportOption, OptionValue, OptionValues } from "@/api/exports";

/** Set once in a blue moon: folded away. */
const RARE = new Set(["batches", "shard_items", "seed", "encoding", "sigma", "sigma_px", "empty"]);

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
    case "text":
      return typeof value === "string" && fitsText(option, value);
    case "number":
      return (
        typeof value === "number" &&
        Number.isFinite(value) &&
        (option.whole !== true || Number.isInteger(value)) &&
        value >= (option.min ?? -Infinity) &&
        value <= (option.max ?? Infinity)
      );
  }
}

function fitsText(option: ExportOption, value: string): boolean {
  if (!new RegExp(`^(?:${option.pattern ?? ".*"})$`, "u").test(value)) return false;
  return !isSplit(option) || sumOf(value) === 100;
}

/** The percents of train, valid and test. */
export function isSplit(option: ExportOption): boolean {
  return option.type === "text" && option.name === "split";
}

export function sumOf(split: string): number {
  return split.split("/").reduce((sum, part) => sum + Number(part), 0);
}

/** The names of options whose values the server would refuse. */
export function misfits(format: ExportFormat, values: OptionValues): string[] {
  return format.options
    .filter((option) => !fits(option, values[option.name] ?? ""))
    .map((option) => option.name);
}

/** The options that differ from the format's defaults: what has to be said to get the same again. */
export function changed(format: ExportFormat, values: OptionValues): OptionValues {
  const usual = defaults(format);
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => usual[name] !== value));
}

/** What is set often, and what can stay folded away. Options that say nothing now are in neither. */
export function laidOut(
  format: ExportFormat,
  values: OptionValues,
): { usual: ExportOption[]; rare: ExportOption[] } {
  const shown = format.options.filter(({ name }) => !isIdle(name, values));
  return {
    usual: shown.filter(({ name }) => !RARE.has(name)),
    rare: shown.filter(({ name }) => RARE.has(name)),
  };
}

/** A disk has no sigma, and a sigma by rule has no pixels. */
function isIdle(name: string, values: OptionValues): boolean {
  if (name === "sigma") return values.kind === "disk";
  if (name === "sigma_px") return values.kind === "disk" || values.sigma !== "px";
  return false;
}
