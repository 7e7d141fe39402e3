import { useTranslation } from "@/i18n/useTranslation";

import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import type { Estimate } from "./queries";

/** Estimates as they are written: shares in per cent, differences of shares in points. */
export function useEstimates() {
  const { t } = useTranslation("rewards");
  const format = useFormat();
  const share = (value: number) => format.percent(value, 1);
  const signed = (value: number) => `${value > 0 ? "+" : ""}${format.fixed(100 * value, 1)}`;
  const number = (value: number) => format.fixed(value, 2);
  return {
    share,
    signed,
    number,
    numberOf: ({ value, interval }: Estimate) => {
      if (value === null) return t("report.absent");
      const found = ends(interval);
      if (found === null) return number(value);
      const [low, high] = found;
      const between = t("report.between", { low: number(low), high: number(high) });
      return t("report.share_between", { share: number(value), interval: between });
    },
    shareOf: ({ value }: Estimate) => (value === null ? t("report.absent") : share(value)),
    between: ({ interval }: Estimate) => {
      const found = ends(interval);
      if (found === null) return t("report.absent");
      return t("report.between", { low: share(found[0]), high: share(found[1]) });
    },
    points: ({ value, interval }: Estimate) => {
      const found = ends(interval);
      if (value === null) return t("report.absent");
      if (found === null) return t("report.points", { value: signed(value) });
      const [low, high] = found;
      return t("report.points_between", { value: signed(value), low: signed(low), high: signed(high) });
    },
  };
}
