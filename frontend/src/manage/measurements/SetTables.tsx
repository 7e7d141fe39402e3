import { Anchor, Badge, Popover, Table, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReasons } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { Hash } from "./ImageDialog";
import styles from "./SetTables.module.css";
import { First, Mean, MeansTable } from "./MeansTable";
import { MetricName } from "./MetricName";
import type { Metric, Reference, SetMeasurement } from "./queries";
import { bestOf, setsCsv, type SetTable, setTables } from "./sets";
import { useReferenceName } from "./useReferenceName";

interface Props {
  results: readonly SetMeasurement[];
  metrics: readonly Metric[];
  references: readonly Reference[];
}

/** One table for each reference: what has another reference cannot be compared. */
export function SetTables({ results, metrics, references }: Props) {
  const { t } = useTranslation("metrics");
  const say = useReasons();
  const nameOf = useReferenceName();
  const titleOf = ({ reference }: SetTable) => {
    if (!reference) return t("sets.without_reference");
    const known = references.find(({ id }) => id === reference.id);
    return t("sets.against_name", { name: known ? nameOf(known) : reference.name });
  };
  return setTables(results).map((table) => (
    <Section
      key={table.reference?.id ?? ""}
      title={titleOf(table)}
      note={
        <>
          {table.zeroShot && (
            <Badge component="span" size="sm" color="gray" mr={6}>
              {t("sets.zero_shot")}
            </Badge>
          )}
          {t("sets.table_note")}
        </>
      }
      actions={
        <SaveMenu
          title={titleOf(table)}
          name={`sets-${table.reference?.id ?? "own"}`}
          tables={{ csv: () => setsCsv(table) }}
        />
      }
    >
      <OneTable table={table} metrics={metrics} />
      {table.warnings.length > 0 && (
        <Notice color="yellow" p="xs" title={t("sets.warnings")}>
          <ul className={styles.warnings}>
            {table.warnings.map(({ reason, generators }) => (
              <li key={reason.message}>
                {say([reason])}
                {generators.length < table.generators.length && ` (${generators.join(", ")})`}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </Section>
  ));
}

function OneTable({ table, metrics }: { table: SetTable; metrics: readonly Metric[] }) {
  const { t } = useTranslation("metrics");
  const known = new Map(metrics.map((metric) => [metric.name, metric]));
  return (
    <MeansTable>
        <Table.Thead>
          <Table.Tr>
            <First>{t("generator")}</First>
            {table.metrics.map((name) => {
              const metric = known.get(name);
              return <Table.Th key={name}>{metric ? <MetricName metric={metric} /> : name}</Table.Th>;
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.generators.map((generator) => (
            <Table.Tr key={generator}>
              <First scope="row">{generator || t("unknown_generator")}</First>
              {table.metrics.map((name) => (
                <Table.Td key={name}>
                  <Cell
                    of={table.cell(generator, name)}
                    best={bestOf(table, name, known.get(name)?.direction ?? null)}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
    </MeansTable>
  );
}

function Cell({ of, best }: { of: SetMeasurement | undefined; best: number | null }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const say = useReasons();
  if (!of) return t("value.absent");
  if (of.state === "failed") {
    return (
      <Text size="xs" c="red.8" maw={260}>
        {t("sets.failed", { reason: say(of.reasons) })}
      </Text>
    );
  }
  if (of.value === null) {
    return (
      <Text size="sm" c="dimmed">
        {of.state === "running" ? t("sets.running") : t("value.pending")}
      </Text>
    );
  }
  const isBest = best !== null && of.value === best;
  return (
    <Mean
      value={of.spread === null ? format.measured(of.value) : format.spread(of.value, of.spread)}
      place={isBest ? { is: "best", text: `★ ${t("generators.best")}` } : null}
    >
      <Text size="xs" c="dimmed">
        {of.n_reference === null
          ? `n = ${format.integer(of.n)}`
          : t("sets.n_of", { n: format.integer(of.n), reference: format.integer(of.n_reference) })}
        {" · "}
        <Provenance of={of} />
      </Text>
    </Mean>
  );
}

/** How a value came about, on demand. */
function Provenance({ of }: { of: SetMeasurement }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const facts: [string, React.ReactNode][] = [
    [t("provenance.version"), `${of.metric} ${of.version}`],
    [t("provenance.network"), of.network || t("value.absent")],
    [t("provenance.device"), [of.device, of.dtype].filter(Boolean).join(" · ") || t("value.absent")],
    [t("provenance.weights"), <Hash key="hash" sha256={of.weights} />],
    [t("provenance.at"), of.at === null ? t("value.absent") : format.dateTime(of.at)],
  ];
  return (
    <Popover width={300} withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton className={styles.details ?? ""}>{t("sets.details")}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={styles.provenance}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Anchor size="xs" href={`/api/v1/sets/${of.id}/statistics.npz`} download>
          {t("sets.download")}
        </Anchor>
      </Popover.Dropdown>
    </Popover>
  );
}
