import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { PerDay } from "@/manage/charts/PerDay";
import { Section } from "@/manage/parts/Section";

export function DailyAnswers({ days }: { days: Schemas["Day"][] }) {
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
  return (
    <Section title={t("overview.per_day")} note={t("overview.per_day_note")}>
      <PerDay days={counts} />
    </Section>
  );
}
