import { SegmentedControl, Stack, Text } from "@mantine/core";
import { type RefObject, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { ForestPlot } from "@/manage/charts/ForestPlot";
import { OutcomeBars } from "@/manage/charts/OutcomeBars";
import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import { BoardHow } from "./BoardHow";
import { BoardTable } from "./BoardTable";
import { type Board, isShare, ordered, type Standing, type View, viewsOf } from "./boards";
import { Decisive } from "./Decisive";
import { WinsMatrix } from "./WinsMatrix";

interface Props {
  board: Board;
  project: number;
  plot: RefObject<SVGSVGElement | null>;
}

/** One board: a plot, the same in numbers, who met whom, and what limits it. */
export function BoardView({ board, project, plot }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const views = viewsOf(board);
  const [requested, setRequested] = useState<View | undefined>(views[0]);
  const view = views.find((each) => each === requested) ?? "value";
  const measure = t(`measure.${board.measure}`);
  const rows = ordered(board, view);
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t("counted", {
          items: format.integer(board.items),
          prompts: format.integer(board.prompts),
          votes: format.integer(board.votes),
        })}
      </Text>
      {views.length > 1 && (
        <SegmentedControl
          size="xs"
          aria-label={t("show")}
          value={view}
          onChange={setRequested}
          data={views.map((each) => ({ value: each, label: t(`view.${each}`, { measure }) }))}
          style={{ alignSelf: "start" }}
        />
      )}
      <BoardPlot board={board} rows={rows} view={view} plot={plot} />
      <Limits board={board} />
      <BoardTable board={board} rows={rows} />
      <Decisive board={board} project={project} />
      {board.matrix.length > 0 && <WinsMatrix board={board} rows={rows} />}
      <BoardHow board={board} />
    </Stack>
  );
}

interface PlotProps extends Omit<Props, "project"> {
  rows: readonly Standing[];
  view: View;
}

function BoardPlot({ board, rows, view, plot }: PlotProps) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const name = (row: Standing) => row.generator || t("unknown_generator");
  const share = isShare(board);
  if (view === "outcomes") {
    return (
      <OutcomeBars
        ref={plot}
        words={{ wins: t("wins"), ties: t("ties"), losses: t("losses") }}
        rows={rows.map((row) => ({
          name: name(row),
          wins: row.wins ?? 0,
          ties: row.ties ?? 0,
          losses: row.losses ?? 0,
          rate: row.value === null ? "–" : format.percent(row.value),
        }))}
      />
    );
  }
  if (view === "elo") {
    return (
      <ForestPlot
        ref={plot}
        rows={rows.map((row) => ({
          name: name(row),
          value: row.elo,
          interval: ends(row.elo_interval),
        }))}
        label={t("axis", { name: t("view.elo"), better: t("better.higher") })}
        write={format.integer}
        reference={1000}
      />
    );
  }
  const better = t(board.higher_is_better ? "better.higher" : "better.lower");
  return (
    <ForestPlot
      ref={plot}
      rows={rows.map((row) => ({
        name: name(row),
        value: row.value,
        interval: ends(row.interval),
      }))}
      label={t("axis", { name: t(`measure.${board.measure}`), better })}
      write={share ? format.percent : (value) => format.fixed(value, 2)}
      reference={board.measure === "win_rate" ? 0.5 : undefined}
      scale={ends(board.scale)}
    />
  );
}

/** Sides, what can't be compared, and why there is no interval. */
function Limits({ board }: { board: Board }) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const reason = useReason();
  const side = useSide(board);
  const groups = board.groups
    .map((group) => group.map((one) => one || t("unknown_generator")).join(", "))
    .join(t("group_sign"));
  const lines = [
    board.not_comparable && reason(board.not_comparable),
    board.groups.some((group) => group.length > 1) && t("groups", { groups }),
    board.no_interval && reason(board.no_interval),
    board.undecided &&
      t("undecided", {
        first: board.undecided.first || t("unknown_generator"),
        second: board.undecided.second || t("unknown_generator"),
        more: format.integer(board.undecided.more),
      }),
    board.weighed > 0 && t("weighed", { count: board.weighed }),
    board.single > 0 && t("single", { count: board.single }),
    side,
  ].filter((line): line is string => typeof line === "string");
  return lines.map((line) => (
    <Text key={line} size="sm">
      {line}
    </Text>
  ));
}

function useSide(board: Board): string | null {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const reason = useReason();
  if (board.side === null) return null;
  const { left_share: left, undefined: none, interval } = board.side;
  if (left === null) return none && reason(none);
  const between = ends(interval);
  if (between === null) return t("side_point", { share: format.percent(left) });
  const [low, high] = between;
  return t("side", {
    share: format.percent(left),
    low: format.percent(low),
    high: format.percent(high),
  });
}
