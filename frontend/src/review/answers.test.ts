import { describe, expect, it } from "vitest";

import type { Answers, Question, QuestionType } from "@/api/types";

import { answerRows, cellsDiffer, marksOf, wordMarkers } from "./answers";

function question(id: string, type: QuestionType, position = 0): Question {
  return {
    id,
    type,
    title: id,
    help: "",
    required: true,
    position,
    scale: null,
    options: [],
    per_image: false,
  };
}

function said(...answers: Answers[]): { answers: Answers }[] {
  return answers.map((one) => ({ answers: one }));
}

describe("answerRows", () => {
  it("puts a pair's choices side by side, in the questions' order", () => {
    const rows = answerRows(
      [question("overall", "preference", 2), question("aesthetics", "preference", 1)],
      said(
        { aesthetics: { choice: "a" }, overall: { choice: "a" } },
        { aesthetics: { choice: "a" }, overall: { choice: "tie" } },
        { aesthetics: { choice: "a" } },
      ),
      ["a", "b"],
    );

    expect(rows.map((row) => [row.key, row.differs])).toEqual([
      ["aesthetics", false],
      ["overall", true],
    ]);
    expect(rows[1]?.cells).toEqual([
      { kind: "choice", choice: "a" },
      { kind: "choice", choice: "tie" },
      { kind: "none" },
    ]);
  });

  it("gives ratings of several images one row an image, and of one image one row", () => {
    const rating = question("fidelity", "rating");
    const many = answerRows(
      [rating],
      said({ fidelity: { ratings: { a: 7, b: 2 } } }, { fidelity: { ratings: { a: 6, b: 5 } } }),
      ["a", "b"],
    );
    const one = answerRows([rating], said({ fidelity: { ratings: { a: 4 } } }), ["a"]);

    expect(many.map((row) => [row.key, row.differs])).toEqual([
      ["fidelity.a", false],
      ["fidelity.b", true],
    ]);
    expect(one.map((row) => [row.key, row.letter, row.cells])).toEqual([
      ["fidelity", null, [{ kind: "rating", rating: 4 }]],
    ]);
  });

  it("puts what is about the whole item above what is said image by image", () => {
    const rows = answerRows(
      [question("fidelity", "rating", 0), question("ranking", "ranking", 1)],
      said({ fidelity: { ratings: { a: 7, b: 2 } }, ranking: { tiers: [["a"], ["b"]] } }),
      ["a", "b"],
    );

    expect(rows.map((row) => row.key)).toEqual(["ranking", "fidelity.a", "fidelity.b"]);
  });

  it("tells no marks from no answer", () => {
    const [row] = answerRows(
      [question("implausibility", "marks")],
      said({ implausibility: { marks: { a: [] } } }, {}, {
        implausibility: { marks: { a: [{ x: 0.1, y: 0.2 }] } },
      }),
      ["a"],
    );

    expect(row?.cells).toEqual([
      { kind: "count", count: 0 },
      { kind: "none" },
      { kind: "count", count: 1 },
    ]);
    expect(row?.differs).toBe(true);
  });
});

describe("cellsDiffer", () => {
  it("lets ratings be one step apart, and ties be written in any order", () => {
    expect(cellsDiffer([{ kind: "rating", rating: 3 }, { kind: "rating", rating: 4 }])).toBe(false);
    expect(cellsDiffer([{ kind: "rating", rating: 2 }, { kind: "rating", rating: 4 }])).toBe(true);
    expect(
      cellsDiffer([
        { kind: "tiers", tiers: [["a", "d"], ["b"]] },
        { kind: "tiers", tiers: [["d", "a"], ["b"]] },
      ]),
    ).toBe(false);
  });

  it("says nothing about a single answer", () => {
    expect(cellsDiffer([{ kind: "choice", choice: "a" }, { kind: "none" }])).toBe(false);
  });
});

describe("marks and words", () => {
  const annotations = said(
    {
      implausibility: { marks: { a: [{ x: 0.5, y: 0.5 }] } },
      misaligned_words: { tokens: [1] },
    },
    { implausibility: { marks: { a: [] } }, misaligned_words: { tokens: [] } },
    { misaligned_words: { tokens: [0, 1] } },
  );

  it("list the people who marked each word", () => {
    expect(wordMarkers(["red", "cube", "table"], annotations)).toEqual([[2], [0, 2], []]);
  });

  it("keep an empty list for everyone without marks", () => {
    expect(marksOf("implausibility", "a", annotations)).toEqual([[{ x: 0.5, y: 0.5 }], [], []]);
  });
});
