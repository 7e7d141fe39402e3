import { describe, expect, it } from "vitest";

import {
  type Board,
  boardCsv,
  boardsOf,
  keyOf,
  matrixCsv,
  ordered,
  partsOf,
  type Standing,
  viewsOf,
} from "./boards";

function standing(generator: string, value: number | null, elo: number | null): Standing {
  return {
    generator,
    n: 20,
    value,
    interval: value === null ? null : [value - 0.1, value + 0.1],
    wins: 9,
    ties: 8,
    losses: 3,
    strength: elo === null ? null : (elo - 1000) / 174,
    strength_interval: null,
    elo,
    elo_interval: elo === null ? null : [elo - 30, elo + 30],
    rank: 1,
    rank_interval: [1, 2],
    first: 0.75,
  };
}

function board(...generators: Standing[]): Board {
  return {
    question: "overall",
    option: "",
    kind: "preference",
    measure: "win_rate",
    higher_is_better: true,
    scale: null,
    answers: "accepted",
    items: 20,
    prompts: 10,
    votes: 60,
    generators,
    matrix: [{ generator: "a, b", against: "=c", wins: 9, ties: 8, n: 20 }],
    side: null,
    not_comparable: null,
    groups: [],
    no_interval: null,
    undecided: null,
    weighed: 0,
    single: 0,
    fragile: null,
    part: null,
  };
}

describe("a board", () => {
  it("shows strengths only where there are some", () => {
    expect(viewsOf(board(standing("a", 0.6, 1100)))).toEqual(["outcomes", "value", "elo"]);
    expect(viewsOf(board(standing("a", 0.6, null)))).toEqual(["outcomes", "value"]);
    expect(viewsOf({ ...board(standing("a", 4, null)), measure: "mean_rating" })).toEqual(["value"]);
  });

  it("is in the order of the number that is shown", () => {
    const both = board(standing("often", 0.7, 990), standing("strong", 0.6, 1010));

    expect(ordered(both, "outcomes").map(({ generator }) => generator)).toEqual(["often", "strong"]);
    expect(ordered(both, "elo").map(({ generator }) => generator)).toEqual(["strong", "often"]);
  });

  it("is called by its question and flag", () => {
    expect(keyOf({ ...board(), option: "limbs" })).toBe("overall.limbs");
  });

  it("goes into a table of numbers, empty where there are none", () => {
    const [header, row] = boardCsv([board(standing("painter", 0.65, null))]).split("\r\n");

    expect(header).toContain("generator,n,value,low_95,high_95,wins,ties,losses,strength");
    expect(row).toBe(
      "overall,,,win_rate,accepted,painter,20,0.65,0.55,0.75,9,8,3,,,,,,,1,1,2,0.75",
    );
  });

  it("is one of several where its items are parted", () => {
    const animals = { ...board(standing("b", 0.6, null), standing("a", 0.4, null)), part: "animals" };
    const text = { ...board(standing("c", 0.5, null), standing("b", 0.3, null)), part: "text" };
    const other = { ...animals, question: "detail" };

    const boards = boardsOf([animals, other, text], text);
    const { generators, rows } = partsOf(boards);

    expect(boards).toEqual([animals, text]);
    expect(generators).toEqual(["a", "b", "c"]);
    expect(rows.map(({ standings }) => standings.map((row) => row?.value))).toEqual([
      [0.4, 0.6, undefined],
      [undefined, 0.3, 0.5],
    ]);
    expect(boardCsv(boards).split("\r\n")[3]).toContain("overall,,text,win_rate,accepted,c");
  });

  it("tells who met whom, and runs no generator's name as a formula", () => {
    expect(matrixCsv(board()).split("\r\n")[1]).toBe("overall,\"a, b\",'=c,9,8,20");
  });
});
