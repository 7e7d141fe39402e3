import { Button, Group, MultiSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useProject } from "@/manage/frame/ProjectFrame";
import { CopyButton } from "@/manage/parts/CopyButton";
import { saveText } from "@/manage/parts/saveText";
import { Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";

import { GeneratorTable } from "./GeneratorTable";
import { generatorsCsv, type Row } from "./generators";
import { isNumeric } from "./metricText";
import { catalogQuery, generatorMeansQuery, type Metric } from "./queries";

/** Every generator's mean of every metric, with its interval. */
export function GeneratorsPage() {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const means = useQuery(generatorMeansQuery(project.id));
  const catalog = useQuery(catalogQuery);
  return (
    <Loaded query={catalog} rows={4}>
      {(metrics) => (
        <Loaded query={means} rows={4}>
          {({ rows }) => {
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
  const csv = () => generatorsCsv(rows);
  return (
    <Section
      title={t("generators.title")}
      note={t("generators.note")}
      actions={
        <Group gap="xs" wrap="nowrap">
          <CopyButton text={csv} label={t("generators.copy")} />
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => saveText(csv(), `generators-${project}.csv`, "text/csv")}
          >
            {t("generators.save")}
          </Button>
        </Group>
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
      <GeneratorTable rows={rows} metrics={shown} />
    </Section>
  );
}
