import { List, Table, Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ForestPlot } from "@/manage/charts/ForestPlot";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";

import { useEstimates } from "./estimates";
import type { DimensionReport, Estimate } from "./queries";

const CHANCE = 0.5;

interface Row {
  name: string;
  estimate: Estimate;
  beyond: Estimate | null;
}

/** How often the model is right, beside one person, each metric and chance; then in words. */
export function Accuracy({ found }: { found: DimensionReport }) {
  const { t } = useTranslation("rewards");
  const { share } = useEstimates();
  const plot = useRef<SVGSVGElement>(null);
  const { accuracy, person, metrics, beyond } = found.report;
  const rows: Row[] = [
    { name: t("report.model"), estimate: accuracy, beyond: null },
    { name: t("report.person"), estimate: person, beyond: null },
    ...Object.entries(metrics)
      .map(([name, estimate]) => ({ name, estimate, beyond: beyond[name] ?? null }))
      .sort((one, other) => (other.estimate.value ?? 0) - (one.estimate.value ?? 0)),
  ];
  return (
    <Section
      title={t("report.accuracy")}
      note={t("report.accuracy_note")}
      actions={<SaveMenu title={t("report.accuracy")} name={`reward-model-${found.dimension}`} plot={plot} />}
    >
      <Verdict found={found} />
      <ForestPlot
        ref={plot}
        rows={rows.map(({ name, estimate }) => ({
          name,
          value: estimate.value,
          interval: ends(estimate.interval),
        }))}
        label={t("report.share")}
        write={share}
        reference={CHANCE}
        scale={[0, 1]}
      />
      <Shares rows={rows} />
    </Section>
  );
}

function Verdict({ found }: { found: DimensionReport }) {
  const { t } = useTranslation("rewards");
  const { signed } = useEstimates();
  const { accuracy, person, metrics } = found.report;
  const short = (person.value ?? 0) - (accuracy.value ?? 0);
  const worse = found.not_better_than.join(", ");
  const against = worse === "" ? t("report.better") : t("report.not_better", { names: worse });
  return (
    <List size="sm" spacing={2}>
      <List.Item>
        {short > 0 ? t("report.below_people", { value: signed(short).slice(1) }) : t("report.at_people")}
      </List.Item>
      <List.Item fw={worse === "" ? 400 : 600}>
        {Object.keys(metrics).length === 0 ? t("report.no_metrics") : against}
      </List.Item>
    </List>
  );
}

function Shares({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation("rewards");
  const { share, shareOf, between, points } = useEstimates();
  return (
    <Table w="auto" style={{ alignSelf: "flex-start" }} horizontalSpacing="md" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("report.who")}</Table.Th>
          <Table.Th ta="right">{t("report.share")}</Table.Th>
          <Table.Th ta="right">{t("report.interval")}</Table.Th>
          <Table.Th ta="right">{t("report.beyond")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, estimate, beyond }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400}>
              {name}
            </Table.Th>
            <Table.Td ta="right">{shareOf(estimate)}</Table.Td>
            <Table.Td ta="right">{between(estimate)}</Table.Td>
            <Table.Td ta="right">{beyond !== null && points(beyond)}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Th scope="row" fw={400}>
            <Text span inherit c="dimmed">
              {t("report.chance")}
            </Text>
          </Table.Th>
          <Table.Td ta="right">{share(CHANCE)}</Table.Td>
          <Table.Td />
          <Table.Td />
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}
