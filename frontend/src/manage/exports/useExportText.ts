import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

interface Words {
  title: string;
  use: string;
}

export interface ExportText {
  /** What a format is, and who opens it; by its name alone where that is all that is known. */
  format: (format: { name: string } & Partial<Words>) => Words;
  preset: (preset: Schemas["ExportPreset"]) => Words;
  option: (name: string) => string;
  help: (format: string, option: Schemas["ExportOption"]) => string;
  choice: (choice: string) => string;
  /** Why something is skipped, or what else a format counts. */
  counted: (code: string) => string;
}

/** The server's names in the reader's language; its own words for those unknown here. */
export function useExportText(): ExportText {
  const { t, i18n } = useTranslation("exports");
  const text = (key: string, otherwise: string): string =>
    i18n.exists(key, { ns: "exports" }) ? t(key as never) : otherwise;
  const words = (key: string, { title, use }: Partial<Words>, name: string): Words => ({
    title: text(`${key}.title`, title ?? name),
    use: text(`${key}.use`, use ?? ""),
  });
  const plain = (name: string) => name.replaceAll("_", " ");
  return {
    format: (one) => words(`formats.${one.name}`, one, one.name),
    preset: (one) => words(`presets.${one.name}`, one, one.name),
    option: (name) => text(`options.${name}.title`, plain(name)),
    help: (format, { name, help }) =>
      text(`formats.${format}.options.${name}`, text(`options.${name}.help`, help)),
    choice: (choice) => text(`choices.${choice}`, choice),
    counted: (code) => text(`skipped.${code}`, plain(code)),
  };
}
