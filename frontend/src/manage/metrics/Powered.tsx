import { SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
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

/** Win rates and strengths by votes alone and with the metric; of questions between two sides. */
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

type Measure = "rate" | "elo";

const ESTIMATES = {
  rate: { alone: "alone", powered: "powered", worth: "worth" },
  elo: { alone: "elo_alone", powered: "elo_powered", worth: "elo_worth" },
} as const;

function Rates({ found, plot }: RatesProps) {
  const { t } = useTranslation(["numbers", "boards"]);
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>("rate");
  const name = (generator: string) => generator || t("boards:unknown_generator");
  const of = ESTIMATES[measure];
  const write = (value: number) =>
    measure === "rate" ? format.percent(value, 1) : format.integer(Math.round(value));
  return (
    <Stack gap="xs">
      <Text size="sm">{t("powered.pairs", { pairs: format.integer(found.pairs) })}</Text>
      <SegmentedControl
        aria-label={t("powered.measure")}
        style={{ alignSelf: "flex-start" }}
        value={measure}
        onChange={(value) => setMeasure(value)}
        data={[
          { value: "rate", label: t("powered.rates") },
          { value: "elo", label: t("powered.strengths") },
        ]}
      />
      <ForestPlot
        ref={plot}
        rows={found.rows.flatMap((row) => [
          {
            name: t("powered.row_alone", { generator: name(row.generator) }),
            value: row[of.alone].value,
            interval: ends(row[of.alone].interval),
          },
          {
            name: t("powered.row_with", { generator: name(row.generator) }),
            value: row[of.powered].value,
            interval: ends(row[of.powered].interval),
          },
        ])}
        label={t(measure === "rate" ? "powered.axis" : "powered.axis_elo")}
        write={measure === "rate" ? format.percent : write}
        reference={measure === "rate" ? 0.5 : 1000}
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
                <Between of={row[of.alone]} write={write} />
                <Between of={row[of.powered]} write={write} />
                <Table.Td>
                  {row[of.worth] > 0
                    ? t("powered.worth_votes", {
                        count: row[of.worth],
                        votes: format.integer(row[of.worth]),
                      })
                    : t("powered.saves_nothing")}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        {measure === "elo"
          ? t("powered.assumed_elo")
          : found.weighed > 0
            ? t("powered.weighed", { count: found.weighed })
            : t("powered.assumed")}
      </Text>
    </Stack>
  );
}

function Between({ of, write }: { of: Estimate; write: (value: number) => string }) {
  const reason = useReason();
  const between = ends(of.interval);
  const why = of.undefined ?? of.no_interval;
  return (
    <Table.Td title={why ? reason(why) : undefined}>
      <b>{of.value === null ? "–" : write(of.value)}</b>
      {between && ` ${between.map(write).join(" … ")}`}
    </Table.Td>
  );
}
