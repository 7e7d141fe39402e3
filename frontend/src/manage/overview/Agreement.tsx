import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { useReason } from "@/i18n/reason";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { csvText } from "@/manage/csv";
import { Counted } from "@/manage/parts/Counted";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { agreementQuery } from "@/manage/queries";

type Row = Schemas["QuestionAgreement"];

export function Agreement({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const query = useQuery(agreementQuery(project.id));
  const plot = useRef<SVGSVGElement>(null);
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const name = (id: string) => {
    const question = project.questions.find((one) => one.id === id);
    return question ? title(question) : id;
  };
  return (
    <Section
      title={t("overview.agreement")}
      note={
        <>
          {t("overview.agreement_note")} <Counted answers={query.data?.answers} />
        </>
      }
      actions={
        query.data && (
          <SaveMenu
            title={t("overview.agreement")}
            name={`agreement-${project.id}`}
            tables={{ csv: () => agreementCsv(query.data.questions) }}
            plot={plot}
          />
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ questions }) =>
          questions.every((row) => row.n === 0) ? (
            <Text size="sm" c="dimmed">
              {t("overview.agreement_empty")}
            </Text>
          ) : (
            <>
              <AgreementTable rows={questions} project={project} />
              <ForestFigure
                ref={plot}
                rows={questions.map((row) => ({
                  name: name(row.id),
                  value: row.alpha,
                  interval: ends(row.interval),
                }))}
                label={t("overview.alpha")}
                write={(value) => format.fixed(value, 2)}
                reference={0}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function AgreementTable({ rows, project }: { rows: readonly Row[]; project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const { title } = useQuestionText(project.template);
  const questions = new Map(project.questions.map((question) => [question.id, question]));
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("overview.question")}</Table.Th>
            <Table.Th ta="right">{t("overview.alpha")}</Table.Th>
            <Table.Th>{t("overview.interval")}</Table.Th>
            <Table.Th w={150} aria-hidden="true" />
            <Table.Th ta="right">{t("overview.n")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => {
            const question = questions.get(row.id);
            return (
              <Table.Tr key={row.id}>
                <Table.Td>{question ? title(question) : row.id}</Table.Td>
                <Alpha row={row} />
                <Table.Td ta="right">{row.n}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Alpha({ row }: { row: Row }) {
  const { t } = useTranslation("manage");
  const reason = useReason();
  const format = useFormat();
  if (row.alpha === null) {
    return (
      <Table.Td colSpan={3} c="dimmed" fz="sm">
        {row.undefined ? reason(row.undefined) : t("overview.undefined")}
      </Table.Td>
    );
  }
  const interval = ends(row.interval);
  return (
    <>
      <Table.Td ta="right" fw={600}>
        {format.fixed(row.alpha, 2)}
      </Table.Td>
      <Table.Td>
        {interval === null
          ? t("none")
          : `${format.fixed(interval[0], 2)} … ${format.fixed(interval[1], 2)}`}
      </Table.Td>
      <Table.Td>
        <Interval value={row.alpha} interval={interval} from={-0.25} to={1} reference={0} />
      </Table.Td>
    </>
  );
}

function agreementCsv(rows: readonly Row[]): string {
  return csvText(
    ["question", "type", "level", "n", "alpha", "low_95", "high_95"],
    rows.map((row) => [
      row.id, row.type, row.level, row.n, row.alpha, ...(ends(row.interval) ?? [null, null]),
    ]), // prettier-ignore
  );
}
