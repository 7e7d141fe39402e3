import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ProgressReport } from "@/api/types";
import { PerDay } from "@/manage/charts/PerDay";
import { everyDay } from "@/manage/charts/scale";
import { Section } from "@/manage/parts/Section";

export function DailyAnswers({ days }: { days: ProgressReport["per_day"] }) {
  const { t } = useTranslation("manage");
  const counts = days.map((day) => ({ date: day.date, count: day.annotations }));
  if (counts.length === 0) {
    return (
      <Section title={t("overview.per_day")}>
        <Text size="sm" c="dimmed">
          {t("overview.per_day_empty")}
        </Text>
      </Section>
    );
  }
  const note = t("overview.per_day_note", { days: everyDay(counts).length });
  return (
    <Section title={t("overview.per_day")} note={note}>
      <PerDay days={counts} />
    </Section>
  );
}
