import { useMemo } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import * as format from "@/manage/format";

/** The formats of `format.ts`, in the reader's language. */
export function useFormat() {
  const { i18n } = useTranslation("manage");
  const language = i18n.language;
  return useMemo(
    () => ({
      bytes: (count: number) => format.bytes(count, language),
      integer: (count: number) => format.integer(count, language),
      percent: (share: number, digits?: number) => format.percent(share, language, digits),
      measured: (value: number) => format.measured(value, language),
      measuredOrInfinite: (value: number, infinite: boolean) =>
        format.measuredOrInfinite(value, infinite, language),
      spread: (mean: number, deviation: number | null) =>
        format.spread(mean, deviation, language),
      fixed: (value: number, digits: number) => format.fixed(value, language, digits),
      dateTime: (iso: string) => format.dateTime(iso, language),
      time: (iso: string) => format.time(iso, language),
      date: (iso: string) => format.date(iso, language),
      day: (iso: string) => format.day(iso, language),
      duration: (ms: number) => format.duration(ms, language),
    }),
    [language],
  );
}
