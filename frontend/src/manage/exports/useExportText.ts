import { useTranslation } from "react-i18next";

import type { ExportFormat, ExportOption, ExportPreset } from "@/api/exports";

import { useExportReasons } from "./serverWords";

interface Words {
  title: string;
  use: string;
}

export interface ExportText {
  /** What a format is, and who opens it; by its name alone where that is all that is known. */
  format: (format: Pick<ExportFormat, "name"> & Partial<Words>) => Words;
  preset: (preset: ExportPreset) => Words;
  whyNot: (reason: string) => string;
  option: (name: string) => string;
  help: (option: ExportOption) => string;
  choice: (choice: string) => string;
  /** Why something is left out. */
  reason: (code: string) => string;
}

/** The server's names in the reader's language; its own words for those unknown here. */
export function useExportText(): ExportText {
  const { t } = useTranslation("exports");
  const whyNot = useExportReasons();
  const words = (all: Record<string, Words>, one: { name: string } & Partial<Words>) =>
    all[one.name] ?? { title: one.title ?? one.name, use: one.use ?? "" };
  const word = (all: Record<string, string>, name: string) => all[name] ?? name.replaceAll("_", " ");
  return {
    format: (one) => words(t("formats", { returnObjects: true }), one),
    preset: (one) => words(t("presets", { returnObjects: true }), one),
    whyNot,
    option: (name) => word(t("option_names", { returnObjects: true }), name),
    help: ({ name, help }) => {
      const known: Record<string, string> = t("option_help", { returnObjects: true });
      return known[name] ?? help;
    },
    choice: (choice) => {
      const known: Record<string, string> = t("choices", { returnObjects: true });
      return known[choice] ?? choice;
    },
    reason: (code) => word(t("preview.reasons", { returnObjects: true }), code),
  };
}
