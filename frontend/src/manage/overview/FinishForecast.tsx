import { Anchor, Group, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { useProject } from "@/manage/frame/ProjectFrame";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

/** The days between which the last answer will come, or why nobody can say. */
export function FinishForecast({ forecast }: { forecast: Schemas["FinishForecast"] }) {
  const { t } = useTranslation("running");
  const format = useFormat();
  const reason = useReason();
  const { id } = useProject();
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
      {needing > 0 && (
        <Group gap="sm" mt={4}>
          <Anchor component={Link} to={`/projects/${id}/members`} fz="sm" underline="always">
            {t("forecast.invite")}
          </Anchor>
          <Anchor component={Link} to={`/projects/${id}/batches`} fz="sm" underline="always">
            {t("forecast.give_back")}
          </Anchor>
        </Group>
      )}
    </div>
  );
}
