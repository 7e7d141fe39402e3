import { Table } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import { type Board, isShare, type Standing } from "./boards";

interface Props {
  board: Board;
  rows: readonly Standing[];
}

/** Every number of a board. */
export function BoardTable({ board, rows }: Props) {
  const { t } = useTranslation("boards");
  const outcomes = board.measure === "win_rate";
  const strengths = rows.some(({ elo }) => elo !== null);
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table className="numbers" horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("generator")}</Table.Th>
            <Table.Th ta="right">{t(`measure.${board.measure}`)}</Table.Th>
            <Table.Th>{t("interval")}</Table.Th>
            <Table.Th ta="right">{t(outcomes ? "view.outcomes" : "n")}</Table.Th>
            {strengths && (
              <>
                <Table.Th ta="right">{t("elo")}</Table.Th>
                <Table.Th>{t("interval")}</Table.Th>
              </>
            )}
            <Table.Th>{t("rank")}</Table.Th>
            <Table.Th ta="right">{t("first")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ whiteSpace: "nowrap" }}>
          {rows.map((row) => (
            <Row key={row.generator} row={row} board={board} strengths={strengths} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  row: Standing;
  board: Board;
  strengths: boolean;
}

function Row({ row, board, strengths }: RowProps) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const written = isShare(board)
    ? (value: number) => format.percent(value, 1)
    : (value: number) => format.fixed(value, 2);
  const rough = isShare(board) ? (value: number) => format.percent(value) : written;
  const number = (value: number | null, write: (value: number) => string) =>
    value === null ? "–" : write(value);
  const between = (interval: readonly number[] | null, write: (value: number) => string) =>
    ends(interval)?.map(write).join(" … ") ?? "–";
  const ranks = ends(row.rank_interval);
  return (
    <Table.Tr>
      <Table.Td>{row.generator || t("unknown_generator")}</Table.Td>
      <Table.Td ta="right" fw={600}>
        {number(row.value, written)}
      </Table.Td>
      <Table.Td>{between(row.interval, rough)}</Table.Td>
      <Table.Td ta="right">
        {board.measure === "win_rate"
          ? [row.wins, row.ties, row.losses].map((n) => number(n, format.integer)).join(" / ")
          : format.integer(row.n)}
      </Table.Td>
      {strengths && (
        <>
          <Table.Td ta="right" fw={600}>
            {number(row.elo, format.integer)}
          </Table.Td>
          <Table.Td>{between(row.elo_interval, format.integer)}</Table.Td>
        </>
      )}
      <Table.Td>
        {row.rank === null
          ? "–"
          : ranks === null || (ranks[0] === row.rank && ranks[1] === row.rank)
            ? row.rank
            : t("rank_range", { rank: row.rank, low: ranks[0], high: ranks[1] })}
      </Table.Td>
      <Table.Td ta="right">{number(row.first, format.percent)}</Table.Td>
    </Table.Tr>
  );
}
