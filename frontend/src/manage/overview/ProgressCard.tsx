import { Group, RingProgress, SimpleGrid, Stack as Column, Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { type Part, Stack } from "@/manage/charts/Stack";
import { StackFigure } from "@/manage/charts/StackFigure";
import { csvText } from "@/manage/csv";
import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { FinishForecast } from "./FinishForecast";

export function ProgressCard({ report }: { report: Schemas["ProgressReport"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { id } = useProject();
  const plot = useRef<SVGSVGElement>(null);
  const { items, settled, slots } = report;
  const parts: Part[] = [
    { label: t("overview.slots.accepted"), count: slots.accepted, colour: "#3d7a57" },
    { label: t("overview.slots.submitted"), count: slots.submitted, colour: "#8fbf9f" },
    { label: t("overview.slots.claimed"), count: slots.claimed, colour: "#e0b35c" },
    { label: t("overview.slots.open"), count: slots.open, colour: "#cfd4da" },
  ];
  return (
    <Section
      title={t("overview.progress")}
      note={t("overview.progress_note")}
      actions={
        <SaveMenu
          title={t("overview.progress")}
          name={`progress-${id}`}
          tables={{ csv: () => progressCsv(report) }}
          plot={plot}
        />
      }
    >
      <Group align="center" wrap="nowrap" gap="lg">
        <RingProgress
          size={116}
          thickness={11}
          roundCaps
          sections={
            settled === 0 ? [] : [{ value: (100 * settled) / Math.max(1, items), color: "#3d7a57" }]
          }
          label={
            <Text ta="center" fw={700} fz={20} lh={1.1}>
              {format.percent(floored(settled / Math.max(1, items)))}
              <Text span display="block" fz={11} c="dimmed" fw={400}>
                {t("overview.settled")}
              </Text>
            </Text>
          }
        />
        <Column gap="xs" flex={1}>
          <Text size="sm">
            {t("overview.settled_of", {
              settled: format.integer(settled),
              items: format.integer(items),
            })}
          </Text>
          <Stack parts={parts} />
          <StackFigure ref={plot} parts={parts} write={format.integer} />
        </Column>
      </Group>
      <SimpleGrid cols={2} spacing="lg" mt={4}>
        <Reviews reviews={report.reviews} />
        <FinishForecast forecast={report.forecast} />
      </SimpleGrid>
    </Section>
  );
}

function progressCsv({ items, settled, slots, reviews }: Schemas["ProgressReport"]): string {
  return csvText(
    ["what", "count"],
    [
      ["items", items],
      ["settled", settled],
      ...Object.entries(slots).map(([state, count]): [string, number] => [`slots_${state}`, count]),
      ...Object.entries(reviews).map(([state, count]): [string, number] => [
        `reviews_${state}`,
        count,
      ]),
    ],
  );
}

/** 99.6 % settled is not 100 %. */
function floored(share: number): number {
  return Math.floor(share * 100) / 100;
}

function Reviews({ reviews }: { reviews: Schemas["ReviewsReport"] }) {
  const { t } = useTranslation("manage");
  const { waiting, done, sampled, rejected } = reviews;
  const more = [
    waiting > 0 ? t("overview.reviews_waiting", { count: waiting }) : null,
    rejected > 0 ? t("overview.reviews_rejected", { count: rejected }) : null,
  ].filter((part) => part !== null);
  return (
    <Fact
      label={t("overview.reviews")}
      value={t("overview.reviews_done", { done, sampled })}
      more={more.join(" · ")}
    />
  );
}

function Fact({ label, value, more }: { label: string; value: string; more?: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={550}>
        {value}
      </Text>
      {more && <Text size="xs">{more}</Text>}
    </div>
  );
}
