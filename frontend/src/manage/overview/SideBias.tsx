import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { csvText } from "@/manage/csv";
import { Counted } from "@/manage/parts/Counted";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { biasQuery } from "@/manage/queries";
import { everAsked } from "@/questions/asked";

/** Whether the side on which an image was shown mattered; only for projects of pairs. */
export function SideBias({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const pairs = everAsked(project).some((question) => question.type === "preference");
  const query = useQuery({ ...biasQuery(project.id), enabled: pairs });
  const plot = useRef<SVGSVGElement>(null);
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const name = (id: string) => {
    const question = everAsked(project).find((one) => one.id === id);
    return question ? title(question) : id;
  };
  if (!pairs) return null;
  return (
    <Section
      title={t("overview.bias")}
      note={
        <>
          {t("overview.bias_note")} <Counted answers={query.data?.answers} />
        </>
      }
      actions={
        query.data && (
          <SaveMenu
            title={t("overview.bias")}
            name={`sides-${project.id}`}
            tables={{ csv: () => biasCsv(query.data.questions) }}
            plot={plot}
          />
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ questions }) =>
          questions.every((row) => row.n === 0) ? (
            <Text size="sm" c="dimmed">
              {t("overview.bias_empty")}
            </Text>
          ) : (
            <>
              <Sides rows={questions} project={project} />
              <ForestFigure
                ref={plot}
                rows={questions.map((row) => ({
                  name: name(row.question),
                  value: row.left_share,
                  interval: ends(row.interval),
                }))}
                label={t("overview.left_share")}
                write={(value) => format.percent(value)}
                reference={0.5}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function Sides({ rows, project }: { rows: readonly Schemas["SideBias"][]; project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const questions = new Map(everAsked(project).map((question) => [question.id, question]));
  return (
    <Table.ScrollContainer type="native" minWidth={520}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("overview.question")}</Table.Th>
            <Table.Th ta="right">{t("overview.left_share")}</Table.Th>
            <Table.Th>{t("overview.interval")}</Table.Th>
            <Table.Th w={150} aria-hidden="true" />
            <Table.Th ta="right">{t("overview.n")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ question, left_share: share, interval, n }) => {
            const asked = questions.get(question);
            const range = ends(interval);
            return (
              <Table.Tr key={question}>
                <Table.Td>{asked ? title(asked) : question}</Table.Td>
                <Table.Td ta="right" fw={600}>
                  {share === null ? t("none") : format.percent(share)}
                </Table.Td>
                <Table.Td>
                  {range === null
                    ? t("none")
                    : `${format.percent(range[0])} … ${format.percent(range[1])}`}
                </Table.Td>
                <Table.Td>
                  {share !== null && (
                    <Interval value={share} interval={range} from={0} to={1} reference={0.5} />
                  )}
                </Table.Td>
                <Table.Td ta="right">{n}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function biasCsv(rows: readonly Schemas["SideBias"][]): string {
  return csvText(
    ["question", "left", "right", "n", "left_share", "low_95", "high_95", "p"],
    rows.map((row) => [
      row.question, row.left, row.right, row.n, row.left_share,
      ...(ends(row.interval) ?? [null, null]), row.p,
    ]), // prettier-ignore
  );
}
