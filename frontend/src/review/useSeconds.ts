import { useTranslation } from "@/i18n/useTranslation";

/** Milliseconds as seconds in the reader's language: "5.4 sec", "5.4秒". */
export function useSeconds(): (ms: number) => string {
  const { i18n } = useTranslation("review");
  return (ms) =>
    new Intl.NumberFormat(i18n.language, {
      style: "unit",
      unit: "second",
      unitDisplay: "short",
      maximumFractionDigits: ms < 10_000 ? 1 : 0,
    }).format(ms / 1000);
}
