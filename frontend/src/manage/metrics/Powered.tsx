import { Stack, Table, Text } from "@mantine/core";
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

import { type Estimate, type MetricAgreement, poweredQuery } from "./queries";
import { poweredCsv } from "./tables";

interface Props {
  row: MetricAgreement;
  project: number;
}

/** Win rates by votes alone and with the metric, beside each other; of questions between two sides. */
export function Powered({ row, project }: Props) {
  const { t } = useTranslation("numbers");
  const query = useQuery({ ...poweredQuery(project, row), enabled: row.human_unit === "pair" });
  const plot = useRef<SVGSVGElement>(null);
  const reason = useReason();
  if (row.human_unit !== "pair") return null;
  const { data } = query;
  return (
    <Section
      title={t("powered.title")}
      note={t("powered.note")}
      actions={
        data && data.rows.length > 0 ? (
          <SaveMenu
            title={t("powered.title")}
            name={`powered-${data.metric}-${data.dimension}`}
            tables={{ csv: () => poweredCsv(data) }}
            plot={plot}
          />
        ) : undefined
      }
    >
      <Loaded query={query} rows={3}>
        {(found) =>
          found.empty ? (
            <Text size="sm" c="dimmed">
              {reason(found.empty)}
            </Text>
          ) : (
            <Rates found={found} plot={plot} />
          )
        }
      </Loaded>
    </Section>
  );
}

interface RatesProps {
  found: Schemas["PoweredRates"];
  plot: RefObject<SVGSVGElement | null>;
}

function Rates({ found, plot }: RatesProps) {
  const { t } = useTranslation(["numbers", "boards"]);
  const format = useFormat();
  const name = (generator: string) => generator || t("boards:unknown_generator");
  return (
    <Stack gap="xs">
      <Text size="sm">{t("powered.pairs", { pairs: format.integer(found.pairs) })}</Text>
      <ForestPlot
        ref={plot}
        rows={found.rows.flatMap((row) => [
          {
            name: t("powered.row_alone", { generator: name(row.generator) }),
            value: row.alone.value,
            interval: ends(row.alone.interval),
          },
          {
            name: t("powered.row_with", { generator: name(row.generator) }),
            value: row.powered.value,
            interval: ends(row.powered.interval),
          },
        ])}
        label={t("powered.axis")}
        write={format.percent}
        reference={0.5}
      />
      <Table.ScrollContainer type="native" minWidth={560}>
        <Table className="numbers" aria-label={t("powered.title")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("boards:generator")}</Table.Th>
              <Table.Th ta="right">{t("powered.votes")}</Table.Th>
              <Table.Th>{t("powered.alone")}</Table.Th>
              <Table.Th>{t("powered.with", { metric: found.metric })}</Table.Th>
              <Table.Th>{t("powered.worth")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.rows.map((row) => (
              <Table.Tr key={row.generator}>
                <Table.Td>{name(row.generator)}</Table.Td>
                <Table.Td ta="right">{format.integer(row.votes)}</Table.Td>
                <Rate of={row.alone} />
                <Rate of={row.powered} />
                <Table.Td>
                  {row.worth > 0
                    ? t("powered.worth_votes", { count: row.worth, votes: format.integer(row.worth) })
                    : t("powered.saves_nothing")}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        {found.weighed > 0 ? t("powered.weighed", { count: found.weighed }) : t("powered.assumed")}
      </Text>
    </Stack>
  );
}

function Rate({ of }: { of: Estimate }) {
  const format = useFormat();
  const reason = useReason();
  const between = ends(of.interval);
  return (
    <Table.Td title={of.no_interval ? reason(of.no_interval) : undefined}>
      <b>{of.value === null ? "–" : format.percent(of.value, 1)}</b>
      {between && ` ${between.map((end) => format.percent(end, 1)).join(" … ")}`}
    </Table.Td>
  );
}
