import { Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { PerDay } from "@/manage/charts/PerDay";
import { csvText } from "@/manage/csv";
import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";

export function DailyAnswers({ days }: { days: Schemas["Day"][] }) {
  const { t } = useTranslation("manage");
  const { id } = useProject();
  const plot = useRef<SVGSVGElement>(null);
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
    <Section
      title={t("overview.per_day")}
      note={t("overview.per_day_note")}
      actions={
        <SaveMenu
          title={t("overview.per_day")}
          name={`answers-per-day-${id}`}
          tables={{
            csv: () =>
              csvText(
                ["date", "answers"],
                counts.map(({ date, count }) => [date, count]),
              ),
          }}
          plot={plot}
        />
      }
    >
      <PerDay days={counts} ref={plot} />
    </Section>
  );
}
