import { Table, Text, Tooltip } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { MeasuredImage, Metric } from "@/api/types";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { directionKey, isNumeric, useDescription } from "./metricText";
import { summaries, type Summary } from "./table";

interface Props {
  images: readonly MeasuredImage[];
  metrics: readonly Metric[];
  /** Every image of the project is among them. */
  complete: boolean;
}

export function Means({ images, metrics, complete }: Props) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const numeric = metrics.filter(isNumeric);
  const table = useMemo(
    () => summaries(images, numeric.map(({ name }) => name)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the metrics come with the images
    [images],
  );
  const measured = numeric.filter(({ name }) => [...table.values()].some((row) => row.has(name)));
  if (measured.length === 0) return null;
  const n = format.integer(images.length);
  const note = complete ? t("measurements.means_note_all", { n }) : t("measurements.means_note", { n });
  return (
    <Section title={t("measurements.means")} note={note}>
      <Table.ScrollContainer type="native" minWidth={480}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("measurements.generator")}</Table.Th>
              {measured.map((metric) => (
                <Table.Th key={metric.name} ta="right">
                  <MetricName metric={metric} />
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...table].map(([generator, row]) => (
              <Table.Tr key={generator}>
                <Table.Td fw={550}>{generator || t("measurements.unknown_generator")}</Table.Td>
                {measured.map(({ name }) => (
                  <Table.Td key={name} ta="right">
                    <Mean of={row.get(name)} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

export function MetricName({ metric }: { metric: Metric }) {
  const { t } = useTranslation("manage");
  const describe = useDescription();
  const more = [
    describe(metric),
    t(`measurements.${directionKey(metric)}`),
    metric.unit === "" ? null : t("measurements.unit", { unit: metric.unit }),
    t("measurements.version", { version: metric.version }),
  ].filter((part) => part !== null);
  return (
    <Tooltip label={more.join(" · ")} multiline w={280} withArrow events={{ hover: true, focus: true, touch: true }}>
      <Text span inherit tabIndex={0} td="underline dotted" style={{ cursor: "help" }}>
        {metric.name}
      </Text>
    </Tooltip>
  );
}

function Mean({ of }: { of: Summary | undefined }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  if (!of) return t("measurements.value_absent");
  return (
    <>
      {format.spread(of.mean, of.deviation)}
      <Text span size="xs" c="dimmed">
        {`  n=${format.integer(of.n)}`}
      </Text>
    </>
  );
}
