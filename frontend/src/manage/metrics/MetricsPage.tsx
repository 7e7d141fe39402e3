import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useSearchParams } from "react-router";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Counted } from "@/manage/parts/Counted";
import { GroupBy } from "@/manage/parts/GroupBy";
import { PageHead } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { Link } from "@/ui/Link";

import { CellDetail } from "./CellDetail";
import { Disagreements } from "./Disagreements";
import { matrixOf, ranked } from "./matrix";
import { Overview } from "./Overview";
import { Powered } from "./Powered";
import { type Cell, type MetricAgreement, metricReportQuery } from "./queries";
import { Replaceable } from "./Replaceable";
import { Rivals } from "./Rivals";
import { Steps } from "./Steps";

/** How far each metric agrees with people, and where it does not. */
export function MetricsPage() {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const reason = useReason();
  const [by, setBy] = useState("");
  const query = useQuery(metricReportQuery(project.id, by));
  return (
    <>
      <PageHead title={t("people.title")} />
      <Group mb="sm">
        <GroupBy project={project.id} value={by} onChange={setBy} imagesOnly />
      </Group>
      <Loaded query={query} rows={6}>
        {(report) =>
          by !== "" && report.empty ? (
            <Text size="sm">{reason(report.empty)}</Text>
          ) : report.rows.length === 0 ? (
            <Empty
              title={t("people.empty_title")}
              action={
                <Button component={Link} to={`/projects/${project.id}/measurements`} mt="xs">
                  {t("people.to_measurements")}
                </Button>
              }
            >
              {t("people.empty")}
            </Empty>
          ) : (
            <Report report={report} />
          )
        }
      </Loaded>
    </>
  );
}

function Report({ report }: { report: Schemas["MetricsReport"] }) {
  const { t } = useTranslation("metrics");
  const { id } = useProject();
  const [params, setParams] = useSearchParams();
  const row = chosenRow(report.rows, params.get("dimension"), params.get("metric"));
  const choose = ({ dimension, metric }: Cell) =>
    setParams({ dimension, metric }, { replace: true, preventScrollReset: true });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" maw={760}>
        {t("people.intro")} <Counted answers={report.answers} />
      </Text>
      <Overview rows={report.rows} chosen={row} onChoose={choose} />
      {row && (
        <>
          <CellDetail key={`detail ${row.dimension} ${row.metric}`} row={row} project={id} />
          <Rivals
            key={`rivals ${row.dimension} ${row.metric}`}
            row={row}
            project={id}
            metrics={ranked(matrixOf(report.rows), row.dimension, "srcc", "pooled")}
          />
          <Powered key={`powered ${row.dimension} ${row.metric}`} row={row} project={id} />
          <Replaceable key={`replaceable ${row.dimension}`} row={row} project={id} />
          <Steps key={`steps ${row.dimension}`} row={row} project={id} />
          <Disagreements key={`queue ${row.dimension} ${row.metric}`} row={row} project={id} />
        </>
      )}
    </Stack>
  );
}

/** The cell of the address; else the last question's ("overall", as a rule) most alike metric. */
function chosenRow(
  rows: readonly MetricAgreement[],
  dimension: string | null,
  metric: string | null,
): MetricAgreement | undefined {
  const asked = rows.find((row) => row.dimension === dimension && row.metric === metric);
  if (asked) return asked;
  const matrix = matrixOf(rows);
  const last = matrix.dimensions.includes("overall") ? "overall" : (matrix.dimensions.at(-1) ?? "");
  return matrix.cell(ranked(matrix, last, "srcc", "pooled")[0] ?? "", last) ?? rows[0];
}
