import { Group, Select, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Ref, useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { type Estimate, type MetricAgreement, rivalsQuery } from "./queries";
import { rivalsCsv } from "./tables";
import { useRange } from "./words";

interface Props {
  row: MetricAgreement;
  project: number;
  /** Every metric with numbers in this dimension, the best first. */
  metrics: readonly string[];
}

/** Whether the chosen metric agrees with people better than another, on the same items. */
export function Rivals({ row, project, metrics }: Props) {
  const { t } = useTranslation("numbers");
  const others = metrics.filter((metric) => metric !== row.metric);
  const [picked, setPicked] = useState<string | null>(null);
  const second = picked !== null && others.includes(picked) ? picked : (others[0] ?? "");
  return (
    <Section title={t("rivals.title")} note={t("rivals.note")}>
      {second === "" ? (
        <Text size="sm" c="dimmed">
          {t("rivals.one_metric")}
        </Text>
      ) : (
        <Stack gap="sm">
          <Group align="end">
            <Text size="sm" fw={600} pb={8}>
              {row.metric}
            </Text>
            <Select
              label={t("rivals.second")}
              data={others}
              value={second}
              onChange={setPicked}
              allowDeselect={false}
              searchable
              w={240}
            />
          </Group>
          <Compared project={project} row={row} second={second} />
        </Stack>
      )}
    </Section>
  );
}

function Compared({ project, row, second }: Omit<Props, "metrics"> & { second: string }) {
  const query = useQuery(rivalsQuery(project, row.dimension, row.metric, second));
  const reason = useReason();
  return (
    <Loaded query={query} rows={3}>
      {(found) =>
        found.empty ? (
          <Text size="sm" c="dimmed">
            {reason(found.empty)}
          </Text>
        ) : (
          <Findings found={found} />
        )
      }
    </Loaded>
  );
}

function Findings({ found }: { found: Schemas["RivalMetrics"] }) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="start">
        <Text size="sm">
          <b>{useVerdict(found)}</b>{" "}
          {t("rivals.over", { n: format.integer(found.n), prompts: format.integer(found.n_prompts) })}
        </Text>
        <SaveMenu
          title={t("rivals.title")}
          name={`rivals-${found.first}-${found.second}-${found.dimension}`}
          tables={{ csv: () => rivalsCsv(found) }}
          plot={plot}
        />
      </Group>
      <Table.ScrollContainer type="native" minWidth={760}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("rivals.coefficient")}</Table.Th>
              <Table.Th>{found.first}</Table.Th>
              <Table.Th>{found.second}</Table.Th>
              <Table.Th>{t("rivals.mutual")}</Table.Th>
              <Table.Th>{t("rivals.difference")}</Table.Th>
              <Table.Th>{t("rivals.bootstrap")}</Table.Th>
              <Table.Th>{t("rivals.williams")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.correlations.map((one) => (
              <Coefficient key={one.coefficient} of={one} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="xs" c="dimmed">
        {t("rivals.bootstrap_note")}
      </Text>
      <Differences ref={plot} found={found} />
    </Stack>
  );
}

/** The differences of the coefficients with their intervals: what is saved of the table. */
function Differences({ found, ref }: { found: Schemas["RivalMetrics"]; ref: Ref<SVGSVGElement> }) {
  const { t } = useTranslation(["numbers", "metrics"]);
  const format = useFormat();
  return (
    <ForestFigure
      ref={ref}
      rows={found.correlations.map(({ coefficient, difference }) => ({
        name: t(`metrics:statistic.${coefficient}`),
        value: difference.value,
        interval: ends(difference.interval),
      }))}
      label={`${t("rivals.difference")}: ${found.first} − ${found.second}`}
      write={(value) => format.fixed(value, 3)}
      reference={0}
    />
  );
}

/** What the difference of the rank correlations says, in a sentence. */
function useVerdict({ first, second, correlations }: Schemas["RivalMetrics"]): string {
  const { t } = useTranslation("numbers");
  const [low, high] = correlations[0]?.difference.interval ?? [];
  if (low === undefined || high === undefined) return t("rivals.undefined");
  if (low > 0) return t("rivals.better", { better: first, worse: second });
  if (high < 0) return t("rivals.better", { better: second, worse: first });
  return t("rivals.undecided");
}

function Coefficient({ of }: { of: Schemas["RivalCorrelations"] }) {
  const { t } = useTranslation(["numbers", "metrics"]);
  const format = useFormat();
  const p = (value: number) => (value < 0.001 ? "< 0.001" : `= ${format.fixed(value, 3)}`);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {t(`metrics:statistic.${of.coefficient}`)}
      </Table.Th>
      <Number of={of.first} />
      <Number of={of.second} />
      <Number of={of.mutual} />
      <Number of={of.difference} />
      <Table.Td>{of.p === null ? "–" : p(of.p).replace("= ", "")}</Table.Td>
      <Table.Td>
        {of.williams === null
          ? "–"
          : t("rivals.williams_value", {
              t: format.fixed(of.williams.t, 2),
              degrees: format.integer(of.williams.degrees),
              p: p(of.williams.p),
            })}
      </Table.Td>
    </Table.Tr>
  );
}

function Number({ of }: { of: Estimate }) {
  const format = useFormat();
  const range = useRange();
  const reason = useReason();
  if (of.value === null) {
    return (
      <Table.Td c="dimmed" fz="xs">
        {of.undefined && reason(of.undefined)}
      </Table.Td>
    );
  }
  return (
    <Table.Td>
      <b>{format.fixed(of.value, 3)}</b>
      {of.interval !== null && (
        <Text span size="xs" c="dimmed">
          {` ${range(of.interval)}`}
        </Text>
      )}
    </Table.Td>
  );
}
