import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";

/** The days between which the last answer will come, or why nobody can say. */
export function FinishForecast({ forecast }: { forecast: Schemas["FinishForecast"] }) {
  const { t } = useTranslation("running");
  const format = useFormat();
  const reason = useReason();
  const { earliest, likely, latest, level, working_days: days, needing } = forecast;
  // Where nothing else is open, the reason says it already.
  const nothingElse = forecast.reason?.code === "forecast_nobody_left";
  return (
    <div>
      <Text size="xs" c="dimmed">
        {t("forecast.label")}
      </Text>
      {earliest === null || likely === null || latest === null ? (
        <Text size="sm">{forecast.reason && reason(forecast.reason)}</Text>
      ) : (
        <>
          <Text size="sm" fw={550}>
            {earliest === latest
              ? t("forecast.day", { day: format.day(latest) })
              : t("forecast.between", { from: format.day(earliest), to: format.day(latest) })}
          </Text>
          <Text size="xs" c="dimmed">
            {t("forecast.note", {
              count: days,
              level: format.percent(level),
              day: format.day(likely),
            })}
          </Text>
        </>
      )}
      {needing > 0 && !nothingElse && (
        <Text size="sm" fw={550} mt={4}>
          {t("forecast.needing", { count: needing })}
        </Text>
      )}
    </div>
  );
}
