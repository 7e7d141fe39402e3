import { Alert, Select, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { type Estimate, type MetricAgreement, stepsQuery } from "./queries";
import { StepPlot } from "./StepPlot";
import { stepsCsv } from "./tables";

type Found = Schemas["MetricsBySteps"];

interface Props {
  row: MetricAgreement;
  project: number;
}

/** People and the chosen metric by training step; any metric that rises while people's number falls. */
export function Steps({ row, project }: Props) {
  const { t } = useTranslation(["numbers", "boards"]);
  const [against, setAgainst] = useState("");
  const query = useQuery(stepsQuery(project, row.dimension, against));
  const reason = useReason();
  const { data } = query;
  return (
    <Section
      title={t("steps.title")}
      note={t("steps.note")}
      actions={
        data && data.steps.length > 0 ? (
          <SaveMenu
            title={t("steps.title")}
            name={`steps-${data.dimension}`}
            tables={{ csv: () => stepsCsv(data) }}
          />
        ) : undefined
      }
    >
      <Loaded query={query} rows={3}>
        {(found) => (
          <Stack gap="xs">
            {found.sides.length > 1 && (
              <Select
                label={t("steps.against")}
                data={found.sides.map((side) => ({ value: side, label: side || t("boards:unknown_generator") }))}
                value={found.empty ? null : found.against}
                onChange={(side) => setAgainst(side ?? "")}
                allowDeselect={false}
                w={280}
              />
            )}
            {found.empty ? (
              <Text size="sm" c="dimmed">
                {reason(found.empty)}
              </Text>
            ) : (
              <BySteps found={found} chosen={row.metric} />
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function BySteps({ found, chosen }: { found: Found; chosen: string }) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const steps = found.steps.map(({ step }) => step);
  const people = found.steps.map(({ people: mean }) => mean);
  const metric = found.metrics.find((each) => each.metric === chosen);
  const ofPeople = found.against === "" ? t("steps.mean") : t("steps.win_rate", { against: found.against });
  return (
    <>
      <Alarms found={found} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <StepPlot title={ofPeople} steps={steps} means={people} write={format.measured} />
        {metric && (
          <StepPlot title={chosen} steps={steps} means={metric.means} write={format.measured} />
        )}
      </SimpleGrid>
      <Table.ScrollContainer type="native" minWidth={480}>
        <Table className="numbers" aria-label={t("steps.title")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("steps.step")}</Table.Th>
              <Table.Th ta="right">{t("steps.images")}</Table.Th>
              <Table.Th>{ofPeople}</Table.Th>
              {metric && <Table.Th>{chosen}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.steps.map((row, place) => (
              <Table.Tr key={row.step}>
                <Table.Td>{format.integer(row.step)}</Table.Td>
                <Table.Td ta="right">{format.integer(row.images)}</Table.Td>
                <Mean of={row.people} />
                {metric && <Mean of={metric.means[place]} />}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function Alarms({ found }: { found: Found }) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const alarmed = found.metrics.flatMap(({ metric, alarm }) => (alarm ? [{ metric, alarm }] : []));
  const last = found.steps.at(-1)?.step ?? 0;
  if (alarmed.length === 0) return <Text size="sm">{t("steps.no_alarm", { last: format.integer(last) })}</Text>;
  return (
    <Alert color="red" title={t("steps.alarm_title")}>
      {alarmed.map(({ metric, alarm }) => (
        <Text key={metric} size="sm">
          {t("steps.alarm", {
            metric,
            earlier: format.integer(alarm.earlier),
            last: format.integer(last),
            rise: format.measured(alarm.metric.value ?? 0),
            rise_between: between(alarm.metric, format.measured),
            fall: format.measured(alarm.people.value ?? 0),
            fall_between: between(alarm.people, format.measured),
          })}
        </Text>
      ))}
    </Alert>
  );
}

function between(of: Estimate, write: (value: number) => string): string {
  return ends(of.interval)?.map(write).join(" … ") ?? "";
}

function Mean({ of }: { of: Estimate | undefined }) {
  const format = useFormat();
  const reason = useReason();
  return (
    <Table.Td title={of?.no_interval ? reason(of.no_interval) : undefined}>
      <b>{typeof of?.value === "number" ? format.measured(of.value) : "–"}</b>
      {of?.interval && ` ${between(of, format.measured)}`}
    </Table.Td>
  );
}
