import { SegmentedControl, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { leaderboardQuery } from "@/manage/queries";

type Dimension = Schemas["Board"];

/** Only for projects of which the server has a board: those that ask which of two is better. */
export function Leaderboard({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const query = useQuery(leaderboardQuery(project.id));
  if (query.data?.dimensions.length === 0) return null;
  return (
    <Section title={t("overview.leaderboard")} note={t("overview.leaderboard_note")}>
      <Loaded query={query} rows={2}>
        {({ dimensions }) => {
          const filled = dimensions.filter((dimension) => dimension.generators.length > 0);
          return filled.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t("overview.leaderboard_empty")}
            </Text>
          ) : (
            <Dimensions dimensions={filled} project={project} />
          );
        }}
      </Loaded>
    </Section>
  );
}

function Dimensions({ dimensions, project }: { dimensions: Dimension[]; project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const { title } = useQuestionText(project.template);
  const last = dimensions.find((one) => one.question === "overall") ?? dimensions[0];
  const [chosen, setChosen] = useState(last?.question ?? "");
  const shown = dimensions.find((one) => one.question === chosen) ?? last;
  const questions = new Map(project.questions.map((question) => [question.id, question]));
  const name = (id: string) => {
    const question = questions.get(id);
    return question ? title(question) : id;
  };
  return (
    <>
      {dimensions.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t("overview.dimension")}
          value={shown?.question ?? ""}
          onChange={setChosen}
          data={dimensions.map(({ question }) => ({ value: question, label: name(question) }))}
        />
      )}
      {shown && <Standings dimension={shown} />}
    </>
  );
}

function Standings({ dimension }: { dimension: Dimension }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table style={{ whiteSpace: "nowrap" }} horizontalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("overview.generator")}</Table.Th>
            <Table.Th ta="right">{t("overview.win_rate")}</Table.Th>
            <Table.Th>{t("overview.interval")}</Table.Th>
            <Table.Th w={150} aria-hidden="true" />
            <Table.Th ta="right">{t("overview.wins")}</Table.Th>
            <Table.Th ta="right">{t("overview.ties")}</Table.Th>
            <Table.Th ta="right">{t("overview.losses")}</Table.Th>
            <Table.Th ta="right">{t("overview.n")}</Table.Th>
            <Table.Th ta="right">{t("overview.elo")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {dimension.generators.map((row) => (
            <Table.Tr key={row.generator}>
              <Table.Td>{row.generator || t("overview.unknown_generator")}</Table.Td>
              <Table.Td ta="right" fw={600}>
                {row.win_rate === null ? t("none") : format.percent(row.win_rate)}
              </Table.Td>
              <Table.Td>
                <Range interval={ends(row.interval)} />
              </Table.Td>
              <Table.Td>
                {row.win_rate !== null && (
                  <Interval
                    value={row.win_rate}
                    interval={ends(row.interval)}
                    from={0}
                    to={1}
                    reference={0.5}
                  />
                )}
              </Table.Td>
              <Table.Td ta="right">{row.wins}</Table.Td>
              <Table.Td ta="right">{row.ties}</Table.Td>
              <Table.Td ta="right">{row.losses}</Table.Td>
              <Table.Td ta="right">{row.n}</Table.Td>
              <Table.Td ta="right">{row.elo === null ? t("none") : format.integer(row.elo)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Range({ interval }: { interval: readonly [number, number] | null }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  if (interval === null) return t("none");
  return `${format.percent(interval[0])} … ${format.percent(interval[1])}`;
}
