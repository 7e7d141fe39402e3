import { Table, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReasons } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";

import { meanOf, type Order, ordered, type Place, places, reach, type Row, turned } from "./generators";
import styles from "./GeneratorTable.module.css";
import { MeanBar } from "./MeanBar";
import { First, Mean, MeansTable } from "./MeansTable";
import { ARROWS, directionKey, useDescription } from "./metricText";
import type { GeneratorMean, Metric } from "./queries";

interface Props {
  rows: readonly Row[];
  metrics: readonly Metric[];
  order: Order | null;
  onOrder: (order: Order | null) => void;
}

/** So many metrics stand side by side on a page of the usual width. */
const FIT = 5;

/** Generators down, metrics across; a press on a metric's name puts the better ones first. */
export function GeneratorTable({ rows, metrics, order, onOrder }: Props) {
  const { t } = useTranslation("metrics");
  const columns = metrics.map((metric) => ({
    metric,
    places: places(rows, metric),
    reach: reach(rows, metric.name),
  }));
  return (
    <MeansTable label={t("generators.title")} wide={metrics.length > FIT}>
        <Table.Thead>
          <Table.Tr>
            <First aria-sort={order === null ? "ascending" : "none"}>
              <UnstyledButton className={styles.sort ?? ""} onClick={() => onOrder(null)}>
                {t("generator")}
                <Sorted way={order === null ? "ascending" : null} />
              </UnstyledButton>
            </First>
            {columns.map(({ metric }) => (
              <Head
                key={metric.name}
                metric={metric}
                order={order}
                onTurn={() => onOrder(turned(order, metric))}
              />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ordered(rows, order).map((row) => (
            <Table.Tr key={row.generator}>
              <First scope="row">
                {row.generator || t("unknown_generator")}
                <Text size="xs" c="dimmed" fw={400}>
                  {t("generators.images", { count: row.images })}
                </Text>
              </First>
              {columns.map(({ metric, places: column, reach: scale }) => (
                <Table.Td key={metric.name}>
                  <Cell
                    of={meanOf(row, metric.name)}
                    place={column.get(row.generator)}
                    reach={scale}
                    unit={metric.unit}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
    </MeansTable>
  );
}

interface HeadProps {
  metric: Metric;
  order: Order | null;
  onTurn: () => void;
}

function Head({ metric, order, onTurn }: HeadProps) {
  const { t } = useTranslation("metrics");
  const describe = useDescription();
  const direction = directionKey(metric.direction);
  const way = order?.metric === metric.name ? (order.descending ? "descending" : "ascending") : null;
  return (
    <Table.Th aria-sort={way ?? "none"}>
      <UnstyledButton className={styles.sort ?? ""} title={describe(metric)} onClick={onTurn}>
        {metric.name}
        <Sorted way={way} />
      </UnstyledButton>
      <Text size="xs" c="dimmed" fw={400}>
        <span aria-hidden="true">{ARROWS[direction]} </span>
        {t(`direction.${direction}`)}
      </Text>
    </Table.Th>
  );
}

function Sorted({ way }: { way: "ascending" | "descending" | null }) {
  if (way === null) return null;
  return <span aria-hidden="true">{way === "ascending" ? " ▴" : " ▾"}</span>;
}

interface CellProps {
  of: GeneratorMean | undefined;
  place: Place | undefined;
  reach: [number, number] | null;
  unit: string;
}

function Cell({ of, place, reach: scale, unit }: CellProps) {
  const { t } = useTranslation(["metrics", "numbers"]);
  const format = useFormat();
  const say = useReasons();
  if (!of || of.mean === null || scale === null) {
    return (
      <Text size="xs" c="dimmed">
        {of?.reason ? say([of.reason]) : t("value.absent")}
      </Text>
    );
  }
  const interval: [number, number] | null =
    of.low === null || of.high === null ? null : [of.low, of.high];
  return (
    <Mean
      value={unit === "" ? format.measured(of.mean) : `${format.measured(of.mean)} ${unit}`}
      place={
        place && {
          is: place,
          text: place === "best" ? `★ ${t("generators.best")}` : `≈ ${t("generators.level")}`,
        }
      }
    >
      <MeanBar mean={of.mean} interval={interval} reach={scale} best={place === "best"} />
      <Text size="xs" c="dimmed">
        {!interval && of.reason !== null && `${say([of.reason])} · `}
        {interval && `${format.measured(interval[0])} … ${format.measured(interval[1])} · `}
        {`n\u00a0=\u00a0${format.integer(of.n)}`}
        {of.infinite > 0 && ` · ${t("numbers:infinite", { count: of.infinite, cap: `${of.cap ?? ""} ${unit}`.trim() })}`}
        {of.failed > 0 && (
          <Text span inherit c="red.8">
            {` · ${t("failed", { count: of.failed })}`}
          </Text>
        )}
      </Text>
    </Mean>
  );
}
