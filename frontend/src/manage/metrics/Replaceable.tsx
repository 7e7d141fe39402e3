import { Badge, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { ForestPlot } from "@/manage/charts/ForestPlot";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { type MetricAgreement, replaceableQuery } from "./queries";
import { replaceableCsv } from "./tables";

type Found = Schemas["ReplaceableMetrics"];
type Metric = Schemas["ReplaceableMetric"];

interface Props {
  row: MetricAgreement;
  project: number;
}

/** Which metrics may stand in for a person on this question, and the chosen one against each person. */
export function Replaceable({ row, project }: Props) {
  const { t } = useTranslation("numbers");
  const query = useQuery(replaceableQuery(project, row.dimension));
  const plot = useRef<SVGSVGElement>(null);
  const reason = useReason();
  const format = useFormat();
  const { data } = query;
  const tested = data ? data.rows.filter((each) => each.winning_rate !== null) : [];
  return (
    <Section
      title={t("replaceable.title")}
      note={t("replaceable.note", { epsilon: format.percent(data?.epsilon ?? 0.1) })}
      actions={
        data && tested.length > 0 ? (
          <SaveMenu
            title={t("replaceable.title")}
            name={`replaceable-${data.dimension}`}
            tables={{ csv: () => replaceableCsv(data) }}
            plot={plot}
          />
        ) : undefined
      }
    >
      <Loaded query={query} rows={3}>
        {(found) => {
          const why = found.empty ?? (tested.length > 0 ? null : found.rows[0]?.undefined);
          return why ? (
            <Text size="sm" c="dimmed">
              {reason(why)}
            </Text>
          ) : (
            <Verdicts found={found} tested={tested} chosen={row.metric} plot={plot} />
          );
        }}
      </Loaded>
    </Section>
  );
}

interface VerdictsProps {
  found: Found;
  tested: readonly Metric[];
  chosen: string;
  plot: RefObject<SVGSVGElement | null>;
}

function Verdicts({ found, tested, chosen, plot }: VerdictsProps) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const reason = useReason();
  const detailed = tested.find((each) => each.metric === chosen);
  return (
    <Stack gap="xs">
      <Text size="sm">{t(`replaceable.${found.alignment}`)}</Text>
      <ForestPlot
        ref={plot}
        rows={tested.map(({ metric, advantage }) => ({
          name: metric,
          value: advantage.value,
          interval: ends(advantage.interval),
        }))}
        label={t("replaceable.axis")}
        write={format.percent}
        scale={[0, 1]}
      />
      <Table.ScrollContainer type="native" minWidth={560}>
        <Table className="numbers" aria-label={t("replaceable.title")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("replaceable.metric")}</Table.Th>
              <Table.Th>{t("replaceable.verdict")}</Table.Th>
              <Table.Th>{t("replaceable.winning_rate")}</Table.Th>
              <Table.Th>{t("replaceable.advantage")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.rows.map((row) => (
              <Table.Tr key={row.metric} fw={row.metric === chosen ? 600 : undefined}>
                <Table.Td>{row.metric}</Table.Td>
                {row.undefined ? (
                  <Table.Td colSpan={3} c="dimmed">
                    {reason(row.undefined)}
                  </Table.Td>
                ) : (
                  <Standing row={row} />
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {detailed && <AgainstPeople row={detailed} />}
      <Text size="xs" c="dimmed">
        {t("replaceable.caution")}
      </Text>
    </Stack>
  );
}

function Standing({ row }: { row: Metric }) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const between = ends(row.advantage.interval);
  return (
    <>
      <Table.Td>
        <Badge variant="light" color={row.passes ? "teal" : "gray"} tt="none">
          {t(row.passes ? "replaceable.passes" : "replaceable.not_shown")}
        </Badge>
      </Table.Td>
      <Table.Td>
        {t("replaceable.won_of", {
          count: row.against.length,
          won: format.integer(row.against.filter(({ won }) => won).length),
        })}
      </Table.Td>
      <Table.Td>
        {row.advantage.value !== null && format.percent(row.advantage.value, 1)}
        {between && ` ${between.map((end) => format.percent(end, 1)).join(" … ")}`}
      </Table.Td>
    </>
  );
}

function AgainstPeople({ row }: { row: Metric }) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const title = t("replaceable.people", { metric: row.metric });
  return (
    <>
      <Text size="sm" fw={600} mt="xs">
        {title}
      </Text>
      <Table.ScrollContainer type="native" minWidth={560}>
        <Table className="numbers" aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("replaceable.person")}</Table.Th>
              <Table.Th ta="right">{t("replaceable.answers")}</Table.Th>
              <Table.Th ta="right">{t("replaceable.prompts")}</Table.Th>
              <Table.Th ta="right">{t("replaceable.metric_near", { metric: row.metric })}</Table.Th>
              <Table.Th ta="right">{t("replaceable.person_near")}</Table.Th>
              <Table.Th ta="right">{t("replaceable.p")}</Table.Th>
              <Table.Th>{t("replaceable.verdict")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {row.against.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>{one.name}</Table.Td>
                <Table.Td ta="right">{format.integer(one.n)}</Table.Td>
                <Table.Td ta="right">{format.integer(one.prompts)}</Table.Td>
                <Table.Td ta="right">{format.percent(one.metric, 1)}</Table.Td>
                <Table.Td ta="right">{format.percent(one.own, 1)}</Table.Td>
                <Table.Td ta="right">{format.fixed(one.p, 3)}</Table.Td>
                <Table.Td>{t(one.won ? "replaceable.won" : "replaceable.not_won")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
