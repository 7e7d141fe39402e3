import { SegmentedControl, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { useReason } from "@/i18n/reason";
import { GroupBy } from "@/manage/parts/GroupBy";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { leaderboardQuery } from "@/manage/queries";
import { everAsked } from "@/questions/asked";

import { BoardView } from "./BoardView";
import { type Board, boardCsv, boardsOf, keyOf, matrixCsv } from "./boards";
import { PartsTable } from "./PartsTable";

/** More questions than that do not stand side by side. */
const SIDE_BY_SIDE = 4;

/** A board for each question that says something of generators; nothing for projects without. */
export function Leaderboard({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("boards");
  const reason = useReason();
  const [by, setBy] = useState("");
  const query = useQuery(leaderboardQuery(project.id, by));
  const [chosen, setChosen] = useState<string | null>(null);
  const [part, setPart] = useState<string | null>(null);
  const plot = useRef<SVGSVGElement>(null);
  if (by === "" && query.data?.dimensions.length === 0) return null;
  const filled = query.data?.dimensions.filter(({ generators }) => generators.length > 0) ?? [];
  const first =
    filled.find((one) => keyOf(one) === chosen) ??
    filled.find(({ question }) => question === "overall") ??
    filled[0];
  const parts = first ? boardsOf(filled, first) : [];
  const board = parts.find((one) => one.part === part) ?? first;
  return (
    <Section
      title={t("title")}
      note={t("note")}
      actions={
        board && (
          <SaveMenu
            title={t("title")}
            name={["leaderboard", project.id, keyOf(board), by.replace(":", "-")].filter(Boolean).join("-")}
            tables={{
              csv: () => boardCsv(parts),
              ...(board.matrix.length > 0 ? { matrix: () => matrixCsv(board) } : {}),
            }}
            plot={plot}
          />
        )
      }
    >
      <GroupBy project={project.id} value={by} onChange={setBy} />
      <Loaded query={query} rows={2}>
        {({ not_grouped: why }) =>
          board === undefined ? (
            <Text size="sm" c="dimmed">
              {why ? reason(why) : t("empty")}
            </Text>
          ) : (
            <>
              <Questions boards={filled} shown={board} project={project} onChoose={setChosen} />
              {board.part !== null && <PartsTable boards={parts} shown={board} onChoose={setPart} />}
              <BoardView key={`${keyOf(board)} ${board.part}`} board={board} project={project.id} plot={plot} />
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
  const { t: tManage } = useTranslation("manage");
  const { title, flag } = useQuestionText(project.template);
  const name = (board: Board) => {
    const question = everAsked(project).find(({ id }) => id === board.question);
    if (!question) return keyOf(board);
    const option = question.options.find(({ id }) => id === board.option);
    // Of a checklist an option is the skill that its rows ask about.
    const part = option ? flag(option) : board.option;
    return part === "" ? title(question) : tManage("labelled", { name: title(question), value: part });
  };
  const questions = boards.filter((board, place) => boards.findIndex((one) => keyOf(one) === keyOf(board)) === place);
  if (questions.length < 2) return null;
  const data = questions.map((board) => ({ value: keyOf(board), label: name(board) }));
  return questions.length <= SIDE_BY_SIDE ? (
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
