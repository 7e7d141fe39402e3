import { Anchor, Group, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { qcQuery } from "@/manage/queries";
import { Link } from "@/ui/Link";

import { errorsCsv } from "./tables";

/** What the review sample says of a batch: errors found, and how sure that is. */
export function Qc({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation(["manage", "numbers"]);
  const query = useQuery({ ...qcQuery(batch.id), enabled: batch.sampled > 0 });
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  if (batch.sampled === 0) return null;
  return (
    <Section
      title={t("batch.qc")}
      note={t("numbers:qc.note")}
      actions={
        <Group gap="sm" wrap="nowrap" style={{ flexShrink: 0 }}>
          <Anchor component={Link} to={`/projects/${batch.project}/review`} fz="sm" underline="always">
            {t("overview.review_now")}
          </Anchor>
          {query.data && query.data.reviewed > 0 && (
            <SaveMenu
              title={t("batch.qc")}
              name={`batch-${batch.id}-errors`}
              tables={{ csv: () => errorsCsv(query.data) }}
              plot={plot}
            />
          )}
        </Group>
      }
    >
      <Loaded query={query} rows={2}>
        {(qc) => (
          <>
            <Text size="sm">
              {t("batch.qc_progress", {
                done: qc.done,
                sampled: qc.sampled,
                waiting: qc.waiting,
                open: qc.sampled - qc.done - qc.waiting,
              })}
            </Text>
            {qc.reviewed > 0 && (
              <>
                <Findings qc={qc} />
                <ForestFigure
                  ref={plot}
                  rows={[{ ...qc, name: t("batch.qc_all") }, ...qc.annotators].map((row) => ({
                    name: row.name,
                    value: row.error_rate,
                    interval: ends(row.interval),
                  }))}
                  label={t("batch.qc_rate")}
                  write={(value) => format.percent(value)}
                  scale={[0, 1]}
                />
              </>
            )}
            <Beside qc={qc} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** How alike an item's answers are, and what became of replacements. */
function Beside({ qc }: { qc: Schemas["BatchQc"] }) {
  const { t } = useTranslation("numbers");
  const format = useFormat();
  const { design_effect: effect, replacements } = qc;
  // Where none or all are rejected, nothing shows how alike an item's answers are.
  const assumed = qc.rejected === 0 || qc.rejected === qc.reviewed;
  return (
    <Text size="xs" c="dimmed">
      {effect !== null &&
        effect > 1.05 &&
        (assumed ? t("qc.effect_assumed") : t("qc.effect", { effect: format.fixed(effect, 1) }))}{" "}
      {replacements.error_rate !== null &&
        t("qc.replacements", {
          count: replacements.reviewed,
          rejected: format.integer(replacements.rejected),
          rate: format.percent(replacements.error_rate),
        })}
    </Text>
  );
}

function Findings({ qc }: { qc: Schemas["BatchQc"] }) {
  const { t } = useTranslation("manage");
  const rows = [{ ...qc, id: 0, name: t("batch.qc_all") }, ...qc.annotators];
  return (
    <Table.ScrollContainer type="native" minWidth={620}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("overview.name")}</Table.Th>
            <Table.Th ta="right">{t("batch.qc_answers")}</Table.Th>
            <Table.Th ta="right">{t("batch.qc_reviewed")}</Table.Th>
            <Table.Th ta="right">{t("overview.rejected")}</Table.Th>
            <Table.Th ta="right">{t("batch.qc_rate")}</Table.Th>
            <Table.Th>{t("overview.interval")}</Table.Th>
            <Table.Th w={150} aria-hidden="true" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Finding key={row.id} row={row} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Finding({ row }: { row: Schemas["AnnotatorQc"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const range = ends(row.interval);
  return (
    <Table.Tr {...(row.id === 0 ? { fw: 600 } : {})}>
      <Table.Td>{row.name}</Table.Td>
      <Table.Td ta="right">{format.integer(row.answers)}</Table.Td>
      <Table.Td ta="right">{format.integer(row.reviewed)}</Table.Td>
      <Table.Td ta="right">{format.integer(row.rejected)}</Table.Td>
      <Table.Td ta="right">
        {row.error_rate === null ? t("none") : format.percent(row.error_rate)}
      </Table.Td>
      <Table.Td>
        {range === null ? t("none") : `${format.percent(range[0])} … ${format.percent(range[1])}`}
      </Table.Td>
      <Table.Td>
        {row.error_rate !== null && (
          <Interval value={row.error_rate} interval={range} from={0} to={1} reference={0} />
        )}
      </Table.Td>
    </Table.Tr>
  );
}
