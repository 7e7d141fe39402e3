import { useTranslation } from "react-i18next";

import type { ExportFormat, ExportOption } from "@/api/types";
import type { manage } from "@/i18n/en/manage";

type Words = (typeof manage)["exports"];

export interface FormatText {
  /** What a format holds; "" for one that has no words yet. */
  holds: (format: ExportFormat) => string;
  whyNot: (format: ExportFormat) => string;
  name: (option: string) => string;
  help: (option: ExportOption) => string;
  choice: (choice: string) => string;
}

/** Formats and options in the reader's language; the server's own words for those unknown here. */
export function useFormatText(): FormatText {
  const { t, i18n } = useTranslation("manage");
  const known = (path: string) => i18n.exists(`exports.${path}`, { ns: "manage" });
  return {
    holds: ({ name }) =>
      known(`format_names.${name}`)
        ? t(`exports.format_names.${name as keyof Words["format_names"]}`)
        : "",
    whyNot: ({ name, why_not: words }) =>
      known(`reasons.${name}`) ? t(`exports.reasons.${name as keyof Words["reasons"]}`) : words,
    name: (option) =>
      known(`option_names.${option}`)
        ? t(`exports.option_names.${option as keyof Words["option_names"]}`)
        : option.replaceAll("_", " "),
    help: ({ name, help }) =>
      known(`option_help.${name}`)
        ? t(`exports.option_help.${name as keyof Words["option_help"]}`)
        : help,
    choice: (choice) =>
      known(`choices.${choice}`) ? t(`exports.choices.${choice as keyof Words["choices"]}`) : choice,
  };
}
