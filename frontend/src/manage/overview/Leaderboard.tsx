import { SegmentedControl, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { leaderboardQuery } from "@/manage/queries";

import { BoardView } from "./BoardView";
import { type Board, boardCsv, keyOf, matrixCsv } from "./boards";

/** More questions than that do not stand side by side. */
const SIDE_BY_SIDE = 4;

/** A board for each question that says something of generators; nothing for projects without. */
export function Leaderboard({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("boards");
  const query = useQuery(leaderboardQuery(project.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const plot = useRef<SVGSVGElement>(null);
  if (query.data?.dimensions.length === 0) return null;
  const filled = query.data?.dimensions.filter(({ generators }) => generators.length > 0) ?? [];
  const board =
    filled.find((one) => keyOf(one) === chosen) ??
    filled.find(({ question }) => question === "overall") ??
    filled[0];
  return (
    <Section
      title={t("title")}
      note={t("note")}
      actions={
        board && (
          <SaveMenu
            title={t("title")}
            name={`leaderboard-${project.id}-${keyOf(board)}`}
            tables={{
              csv: () => boardCsv(board),
              ...(board.matrix.length > 0 ? { matrix: () => matrixCsv(board) } : {}),
            }}
            plot={plot}
          />
        )
      }
    >
      <Loaded query={query} rows={2}>
        {() =>
          board === undefined ? (
            <Text size="sm" c="dimmed">
              {t("empty")}
            </Text>
          ) : (
            <>
              <Questions boards={filled} shown={board} project={project} onChoose={setChosen} />
              <BoardView key={keyOf(board)} board={board} plot={plot} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

interface QuestionsProps {
  boards: readonly Board[];
  shown: Board;
  project: Schemas["Project"];
  onChoose: (key: string) => void;
}

function Questions({ boards, shown, project, onChoose }: QuestionsProps) {
  const { t } = useTranslation("boards");
  const { title, flag } = useQuestionText(project.template);
  const name = (board: Board) => {
    const question = project.questions.find(({ id }) => id === board.question);
    if (!question) return keyOf(board);
    const option = question.options.find(({ id }) => id === board.option);
    return option ? `${title(question)}: ${flag(option)}` : title(question);
  };
  if (boards.length < 2) return null;
  const data = boards.map((board) => ({ value: keyOf(board), label: name(board) }));
  return boards.length <= SIDE_BY_SIDE ? (
    <SegmentedControl
      size="xs"
      aria-label={t("dimension")}
      value={keyOf(shown)}
      onChange={onChoose}
      data={data}
    />
  ) : (
    <Select
      size="xs"
      maw={420}
      label={t("dimension")}
      allowDeselect={false}
      searchable
      value={keyOf(shown)}
      onChange={(key) => key !== null && onChoose(key)}
      data={data}
    />
  );
}
