import { Group, SegmentedControl, Table, Text, UnstyledButton } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { ARROWS, directionKey } from "@/manage/measurements/metricText";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useReason } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";

import { AgreementBar, Sample } from "./AgreementBar";
import {
  ceilingOf,
  estimateOf,
  type Grouping,
  isAccuracy,
  type Matrix,
  matrixOf,
  ranked,
  scaleOf,
  type Statistic,
  STATISTICS,
  tells,
} from "./matrix";
import styles from "./Overview.module.css";
import type { Cell, MetricAgreement } from "./queries";
import { rowsCsv } from "./tables";
import { useDimensionName, useRange } from "./words";

interface Props {
  rows: readonly MetricAgreement[];
  chosen: MetricAgreement | undefined;
  onChoose: (cell: Cell) => void;
}

/** Metrics down, questions across, one statistic at a time; a cell opens what is behind it. */
export function Overview({ rows, chosen, onChoose }: Props) {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const [statistic, setStatistic] = useState<Statistic>("srcc");
  const [grouping, setGrouping] = useState<Grouping>("pooled");
  const [by, setBy] = useState(chosen?.dimension ?? "");
  const plot = useRef<SVGSVGElement>(null);
  const name = useDimensionName(project);
  const format = useFormat();
  const matrix = matrixOf(rows);
  const order = ranked(matrix, by, statistic, grouping);
  const drawn = order.flatMap((metric) => matrix.cell(metric, by) ?? []);
  return (
    <Section
      title={t("people.overview")}
      note={t(`statistic.${statistic}_note`)}
      actions={
        <SaveMenu
          title={t("people.overview")}
          name={`metrics-${project.id}`}
          tables={{ csv: () => rowsCsv(rows) }}
          plot={plot}
        />
      }
    >
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={t("people.statistic")}
          value={statistic}
          onChange={setStatistic}
          data={STATISTICS.map((value) => ({ value, label: t(`statistic.${value}`) }))}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("people.grouping")}
          value={grouping}
          disabled={isAccuracy(statistic)}
          onChange={setGrouping}
          data={[
            { value: "pooled", label: t("grouping.pooled") },
            { value: "per_prompt", label: t("grouping.per_prompt") },
          ]}
        />
      </Group>
      <Text size="xs" c="dimmed">
        {isAccuracy(statistic) ? t("grouping.accuracy_note") : t(`grouping.${grouping}_note`)}
      </Text>
      <div className={styles.scroll}>
        <MatrixTable
          matrix={matrix}
          order={order}
          by={by}
          onOrder={setBy}
          statistic={statistic}
          grouping={grouping}
          chosen={chosen}
          onChoose={onChoose}
        />
      </div>
      <Legend statistic={statistic} />
      <ForestFigure
        ref={plot}
        rows={drawn.map((row) => {
          const { value, interval } = estimateOf(row, statistic, grouping);
          return { name: row.metric, value, interval: ends(interval) };
        })}
        label={[t(`statistic.${statistic}`), drawn[0] && name(drawn[0])].filter(Boolean).join(", ")}
        write={(value) => format.fixed(value, 2)}
        reference={scaleOf(statistic).chance}
      />
    </Section>
  );
}

interface TableProps extends Omit<Props, "rows"> {
  matrix: Matrix;
  order: readonly string[];
  by: string;
  onOrder: (dimension: string) => void;
  statistic: Statistic;
  grouping: Grouping;
}

function MatrixTable({ matrix, order, by, onOrder, ...rest }: TableProps) {
  const { t } = useTranslation("metrics");
  const name = useDimensionName(useProject());
  const rowsOf = (dimension: string) =>
    matrix.metrics.flatMap((metric) => matrix.cell(metric, dimension) ?? []);
  return (
    <Table className={styles.matrix ?? ""} verticalSpacing={4} horizontalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className={styles.first ?? ""}>{t("metric")}</Table.Th>
          {matrix.dimensions.map((dimension) => {
            const [row] = rowsOf(dimension);
            return (
              <Table.Th key={dimension} aria-sort={dimension === by ? "descending" : "none"}>
                <UnstyledButton
                  className={styles.sort ?? ""}
                  title={t("people.order")}
                  onClick={() => onOrder(dimension)}
                >
                  {row ? name(row) : dimension}
                  {dimension === by && <span aria-hidden="true"> ▾</span>}
                </UnstyledButton>
              </Table.Th>
            );
          })}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {order.map((metric) => (
          <Table.Tr key={metric}>
            <Table.Th scope="row" className={styles.first ?? ""}>
              {metric}
              <Direction row={matrix.dimensions.map((d) => matrix.cell(metric, d)).find(Boolean)} />
            </Table.Th>
            {matrix.dimensions.map((dimension) => (
              <Table.Td key={dimension}>
                <CellButton row={matrix.cell(metric, dimension)} {...rest} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
        <Table.Tr className={styles.ceilingRow ?? ""}>
          <Table.Th scope="row" className={styles.first ?? ""}>
            {t("people.ceiling")}
          </Table.Th>
          {matrix.dimensions.map((dimension) => (
            <Table.Td key={dimension}>
              <Ceiling rows={rowsOf(dimension)} statistic={rest.statistic} />
            </Table.Td>
          ))}
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

function Direction({ row }: { row: MetricAgreement | undefined }) {
  const { t } = useTranslation("metrics");
  const direction = directionKey(row?.direction ?? "");
  return (
    <Text size="xs" c="dimmed" fw={400}>
      <span aria-hidden="true">{ARROWS[direction]} </span>
      {t(`direction.${direction}`)}
    </Text>
  );
}

interface CellProps {
  row: MetricAgreement | undefined;
  statistic: Statistic;
  grouping: Grouping;
  chosen: MetricAgreement | undefined;
  onChoose: (cell: Cell) => void;
}

function CellButton({ row, statistic, grouping, chosen, onChoose }: CellProps) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const range = useRange();
  const name = useDimensionName(useProject());
  const reason = useReason();
  if (!row) return <span className={styles.none}>{t("value.absent")}</span>;
  const estimate = estimateOf(row, statistic, grouping);
  const scale = scaleOf(statistic);
  const value = estimate.value === null ? t("value.absent") : format.fixed(estimate.value, 2);
  const why = estimate.undefined ? reason(estimate.undefined) : "";
  const spoken = t("people.cell", {
    metric: row.metric,
    dimension: name(row),
    statistic: t(`statistic.${statistic}`),
    value: estimate.value === null ? why : value,
    range: range(estimate.interval),
  });
  return (
    <UnstyledButton
      className={styles.cell ?? ""}
      aria-pressed={row === chosen}
      aria-label={spoken}
      title={estimate.value === null ? why : spoken}
      onClick={() => onChoose(row)}
    >
      <span className={styles.cellValue} data-tells={tells(estimate, scale)}>
        {value}
      </span>
      <AgreementBar
        estimate={estimate}
        scale={scale}
        ceiling={ceilingOf(row, statistic)?.value ?? null}
      />
    </UnstyledButton>
  );
}

/** The people's own agreement; it may differ by metric where different images were measured. */
function Ceiling({ rows, statistic }: { rows: readonly MetricAgreement[]; statistic: Statistic }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const reason = useReason();
  const all = rows.flatMap((row) => ceilingOf(row, statistic) ?? []);
  const known = all.find(({ value }) => value !== null);
  if (!known || known.value === null) {
    return (
      <Text size="xs" c="dimmed" maw={150} title={all[0]?.undefined ? reason(all[0].undefined) : undefined}>
        {statistic === "tau_b" ? t("people.no_tau_ceiling") : t("value.absent")}
      </Text>
    );
  }
  return (
    <div className={styles.cellPlain}>
      <span className={styles.cellValue}>{format.fixed(known.value, 2)}</span>
      <AgreementBar estimate={known} scale={scaleOf(statistic)} ceiling={null} people />
    </div>
  );
}

function Legend({ statistic }: { statistic: Statistic }) {
  const { t } = useTranslation("metrics");
  return (
    <ul className={styles.legend}>
      <li>
        <Sample of="value" />
        {t("people.legend_value")}
      </li>
      <li>
        <Sample of="chance" />
        {isAccuracy(statistic) ? t("people.legend_half") : t("people.legend_zero")}
      </li>
      {statistic !== "tau_b" && (
        <li>
          <Sample of="ceiling" />
          {t("people.legend_ceiling")}
        </li>
      )}
      <li>{t("people.legend_bold")}</li>
    </ul>
  );
}
