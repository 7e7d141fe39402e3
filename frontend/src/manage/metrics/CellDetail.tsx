import { Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useReason } from "@/i18n/reason";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { AgreementBar } from "./AgreementBar";
import { ceilingOf, type Scale, scaleOf } from "./matrix";
import styles from "./CellDetail.module.css";
import { type Estimate, type MetricAgreement, pointsQuery } from "./queries";
import { Scatter } from "./Scatter";
import { cellCsv } from "./tables";
import { useDimensionName, usePeopleWords, useRange } from "./words";

interface Props {
  row: MetricAgreement;
  project: number;
}

/** One metric against one question: the image of it, and every number with its interval. */
export function CellDetail({ row, project }: Props) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const whole = useProject();
  const name = useDimensionName(whole);
  const people = usePeopleWords(whole);
  const reason = useReason();
  const points = useQuery(pointsQuery(project, row));
  return (
    <Section
      title={t("cell.title", { metric: row.metric, dimension: name(row) })}
      note={t("cell.note", {
        images: format.integer(row.n_images),
        items: format.integer(row.n_items),
        prompts: format.integer(row.n_prompts),
        version: row.version,
      })}
      actions={
        <SaveMenu
          title={t("cell.title", { metric: row.metric, dimension: name(row) })}
          name={`metric-${project}-${row.metric}-${row.dimension}`}
          tables={{ csv: () => cellCsv(row) }}
        />
      }
    >
      <Stack gap="md">
        {row.notes.map((note) => (
          <Text key={note.code} size="sm">
            {reason(note)}
          </Text>
        ))}
        <Loaded query={points} rows={6}>
          {(answer) => <Scatter points={answer} people={people(row)} />}
        </Loaded>
        <Numbers row={row} />
      </Stack>
    </Section>
  );
}

function Numbers({ row }: { row: MetricAgreement }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const { accuracy } = row;
  const correlation = scaleOf("srcc");
  return (
    <div className={styles.numbers}>
      <Facts title={t("grouping.pooled")} note={t("grouping.pooled_note")}>
        {(["srcc", "plcc", "tau_b"] as const).map((key) => (
          <Fact
            key={key}
            name={t(`statistic.${key}`)}
            of={row.pooled[key]}
            scale={correlation}
            ceiling={ceilingOf(row, key)}
          />
        ))}
      </Facts>
      <Facts
        title={t("grouping.per_prompt")}
        note={t("cell.per_prompt_note", { prompts: format.integer(row.per_prompt.groups) })}
      >
        {(["srcc", "plcc", "tau_b"] as const).map((key) => (
          <Fact
            key={key}
            name={t(`statistic.${key}`)}
            of={row.per_prompt[key]}
            scale={correlation}
            ceiling={ceilingOf(row, key)}
          />
        ))}
      </Facts>
      <Facts
        title={t("cell.accuracy")}
        note={
          accuracy.compared
            ? t("cell.accuracy_note", {
                pairs: format.integer(accuracy.n_pairs),
                of: t(`compared.${accuracy.compared}`),
              })
            : t("cell.accuracy_none")
        }
      >
        <Fact
          name={t("statistic.raw")}
          of={accuracy.raw}
          scale={scaleOf("raw")}
          ceiling={row.human_accuracy}
        />
        <Fact
          name={
            accuracy.epsilon === null
              ? t("statistic.calibrated")
              : t("cell.epsilon", { epsilon: format.measured(accuracy.epsilon) })
          }
          note={accuracy.held_out ? t("cell.held_out") : t("cell.not_held_out")}
          of={accuracy.calibrated}
          scale={scaleOf("raw")}
          ceiling={row.human_accuracy}
        />
        <Fact name={t("cell.human_accuracy")} of={row.human_accuracy} scale={scaleOf("raw")} people />
      </Facts>
      <Facts title={t("cell.others")} note={t("cell.others_note")}>
        <Fact name={t("people.ceiling")} of={row.ceiling} scale={correlation} people />
        <Fact
          name={t("cell.by_generator", { count: row.by_generator.n })}
          of={row.by_generator.srcc}
          scale={correlation}
          {...(row.by_generator.p === null
            ? {}
            : { note: t("cell.p", { p: format.measured(row.by_generator.p) }) })}
        />
      </Facts>
    </div>
  );
}

function Facts({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  const { t } = useTranslation("metrics");
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {note}
      </Text>
      <Table fz="sm" verticalSpacing={3} horizontalSpacing={4} className={styles.facts ?? ""}>
        <thead className="visually-hidden">
          <tr>
            <th>{t("people.statistic")}</th>
            <th>{t("gallery.value")}</th>
            <th>{t("people.interval")}</th>
          </tr>
        </thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

interface FactProps {
  name: string;
  note?: string;
  of: Estimate;
  scale: Scale;
  ceiling?: Estimate | null;
  people?: true;
}

function Fact({ name, note, of, scale, ceiling = null, people }: FactProps) {
  const format = useFormat();
  const range = useRange();
  const reason = useReason();
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {name}
        {note !== undefined && (
          <Text size="xs" c="dimmed" fw={400}>
            {note}
          </Text>
        )}
        {of.no_interval && (
          <Text size="xs" c="dimmed" fw={400}>
            {reason(of.no_interval)}
          </Text>
        )}
      </Table.Th>
      {of.value === null ? (
        <Table.Td colSpan={3}>
          <Text size="xs" c="dimmed">
            {of.undefined && reason(of.undefined)}
          </Text>
        </Table.Td>
      ) : (
        <>
          <Table.Td ta="right" fw={600}>
            {format.fixed(of.value, 3)}
          </Table.Td>
          <Table.Td className={styles.interval ?? ""}>{range(of.interval)}</Table.Td>
          <Table.Td w={124}>
            <AgreementBar
              estimate={of}
              scale={scale}
              ceiling={ceiling?.value ?? null}
              {...(people ? { people } : {})}
            />
          </Table.Td>
        </>
      )}
    </Table.Tr>
  );
}
