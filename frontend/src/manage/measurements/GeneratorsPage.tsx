import { MultiSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Ref, useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { useProject } from "@/manage/frame/ProjectFrame";
import { GroupBy } from "@/manage/parts/GroupBy";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { GeneratorTable } from "./GeneratorTable";
import { generatorsCsv, meanOf, type Order, ordered, type Row } from "./generators";
import { isNumeric } from "./metricText";
import { generatorMeansQuery, type Metric, metricsQuery } from "./queries";

/** Every generator's mean of every metric, with its interval. */
export function GeneratorsPage() {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const reason = useReason();
  const [by, setBy] = useState("");
  const means = useQuery(generatorMeansQuery(project.id, by));
  const catalog = useQuery(metricsQuery(project.id));
  return (
    <Stack gap="md">
      <GroupBy project={project.id} value={by} onChange={setBy} imagesOnly />
      <Loaded query={catalog} rows={4}>
        {(metrics) => (
          <Loaded query={means} rows={4}>
            {({ rows, not_grouped: why }) => {
              if (why) return <Text size="sm">{reason(why)}</Text>;
              const measured = metrics.filter(
                (metric) => isNumeric(metric) && rows.some((row) => hasMean(row, metric.name)),
              );
              return measured.length === 0 ? (
                <Empty title={t("generators.empty_title")}>{t("generators.empty")}</Empty>
              ) : (
                <Means rows={rows} metrics={measured} project={project.id} />
              );
            }}
          </Loaded>
        )}
      </Loaded>
    </Stack>
  );
}

function hasMean(row: Row, metric: string): boolean {
  return row.metrics.some((one) => one.metric === metric && one.mean !== null);
}

interface Props {
  rows: readonly Row[];
  metrics: readonly Metric[];
  project: number;
}

function Means({ rows, metrics, project }: Props) {
  const { t } = useTranslation("metrics");
  const [names, setNames] = useState<string[]>([]);
  const shown = names.length === 0 ? metrics : metrics.filter(({ name }) => names.includes(name));
  const [order, setOrder] = useState<Order | null>(null);
  const plot = useRef<SVGSVGElement>(null);
  // A plot has one scale, so it is of one metric: that of the order, or the first that is shown.
  const drawn = shown.find(({ name }) => name === order?.metric) ?? shown[0];
  return (
    <Section
      title={t("generators.title")}
      note={t("generators.note")}
      actions={
        <SaveMenu
          title={t("generators.title")}
          name={`generators-${project}`}
          tables={{ csv: () => generatorsCsv(rows) }}
          plot={plot}
        />
      }
    >
      {metrics.length > 6 && (
        <MultiSelect
          size="xs"
          maw={560}
          label={t("generators.which")}
          placeholder={names.length === 0 ? t("generators.all_metrics") : ""}
          data={metrics.map(({ name }) => name)}
          value={names}
          onChange={setNames}
          clearable
        />
      )}
      <GeneratorTable rows={rows} metrics={shown} order={order} onOrder={setOrder} />
      {drawn && <MeansFigure ref={plot} rows={ordered(rows, order)} metric={drawn} />}
    </Section>
  );
}

interface FigureProps {
  rows: readonly Row[];
  metric: Metric;
  ref: Ref<SVGSVGElement>;
}

function MeansFigure({ rows, metric, ref }: FigureProps) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  return (
    <ForestFigure
      ref={ref}
      rows={rows.map((row) => {
        const { mean = null, low = null, high = null } = meanOf(row, metric.name) ?? {};
        return {
          name: row.generator || t("unknown_generator"),
          value: mean,
          interval: low === null || high === null ? null : [low, high],
        };
      })}
      label={metric.unit === "" ? metric.name : `${metric.name} (${metric.unit})`}
      write={format.measured}
    />
  );
}
