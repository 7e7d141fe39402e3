/** A board of generators as the card shows it: order, rows of its plots, tables as CSV; pure. */

import type { Schemas } from "@/api/client";
import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

export type Board = Schemas["Board"];
export type Standing = Schemas["Standing"];
export type View = "outcomes" | "value" | "elo";

/** A question, or one flag of it. */
export function keyOf(board: Board): string {
  return board.option === "" ? board.question : `${board.question}.${board.option}`;
}

/** The boards of one question, which are several where its items are parted. */
export function boardsOf(boards: readonly Board[], shown: Board): Board[] {
  return boards.filter((board) => keyOf(board) === keyOf(shown));
}

/** Generators by name, and a row a part with where each stands in it. */
export function partsOf(boards: readonly Board[]) {
  const names = new Set(boards.flatMap(({ generators }) => generators.map(({ generator }) => generator)));
  const generators = [...names].sort();
  const rows = boards.map((board) => ({
    board,
    standings: generators.map((name) => board.generators.find(({ generator }) => generator === name)),
  }));
  return { generators, rows };
}

/** The plots that a board has numbers for, the first the one that it opens with. */
export function viewsOf(board: Board): View[] {
  const views: View[] = board.measure === "win_rate" ? ["outcomes", "value"] : ["value"];
  return board.generators.some(({ elo }) => elo !== null) ? [...views, "elo"] : views;
}

/** Rows by the number that is shown. The server's order is that by value. */
export function ordered(board: Board, view: View): Standing[] {
  const rows = [...board.generators];
  if (view !== "elo") return rows;
  return rows.sort((one, other) => (other.elo ?? 0) - (one.elo ?? 0));
}

/** Shares are written in percent, means as numbers. */
export function isShare(board: Board): boolean {
  return board.measure !== "mean_rank" && board.measure !== "mean_rating";
}

const HEADER = [
  "question", "option", "part", "measure", "answers", "generator", "n", "value", "low_95", "high_95",
  "wins", "ties", "losses", "strength", "strength_low_95", "strength_high_95",
  "elo", "elo_low_95", "elo_high_95", "rank", "rank_low_95", "rank_high_95", "first_share",
]; // prettier-ignore

/** One line a generator, as programs want it. */
export function boardCsv(boards: readonly Board[]): string {
  return csvText(
    HEADER,
    boards.flatMap((board) => board.generators.map((row): CsvCell[] => [
      board.question, board.option, board.part, board.measure, board.answers, row.generator, row.n,
      row.value, ...lowHigh(row.interval), row.wins, row.ties, row.losses,
      row.strength, ...lowHigh(row.strength_interval), row.elo, ...lowHigh(row.elo_interval),
      row.rank, ...lowHigh(row.rank_interval), row.first,
    ])), // prettier-ignore
  );
}

/** One line a pair, both ways round. */
export function matrixCsv(board: Board): string {
  return csvText(
    ["question", "generator", "against", "wins", "ties", "n"],
    board.matrix.map(({ generator, against, wins, ties, n }) => [
      board.question, generator, against, wins, ties, n,
    ]), // prettier-ignore
  );
}
