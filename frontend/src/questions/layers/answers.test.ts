import { describe, expect, it } from "vitest";

import type { Answers, Question, QuestionType } from "@/questions/kind";

import { answerRows, choosers, marksOf, wordMarkers } from "./answers";

function question(id: string, type: QuestionType, position = 0): Question {
  return {
    id,
    type,
    title: id,
    help: "",
  title_zh: "",
  help_zh: "",
  since: 1,
  until: null,
    required: true,
    position,
    scale: null,
    options: [],
    half_points: false,
    unsure: false,
    spans: false,
    links: false,
  na: false,
  about: null,
  };
}

function given(...answers: Answers[]): { answers: Answers }[] {
  return answers.map((one) => ({ answers: one }));
}

describe("answerRows", () => {
  it("puts a pair's choices side by side, in the questions' order", () => {
    const rows = answerRows(
      [question("overall", "preference", 2), question("aesthetics", "preference", 1)],
      given(
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
    expect(rows[1]?.values).toEqual(["a", "tie", null]);
  });

  it("gives ratings of several images one row an image, and of one image one row", () => {
    const rating = question("fidelity", "rating");
    const many = answerRows(
      [rating],
      given({ fidelity: { ratings: { a: 7, b: 2 } } }, { fidelity: { ratings: { a: 6, b: 5 } } }),
      ["a", "b"],
    );
    const one = answerRows([rating], given({ fidelity: { ratings: { a: 4 } } }), ["a"]);

    expect(many.map((row) => [row.key, row.differs])).toEqual([
      ["fidelity.a", false],
      ["fidelity.b", true],
    ]);
    expect(one.map((row) => [row.key, row.letter, row.values])).toEqual([
      ["fidelity", null, [4]],
    ]);
  });

  it("puts what is about the whole item above what is said image by image", () => {
    const rows = answerRows(
      [question("fidelity", "rating", 0), question("ranking", "ranking", 1)],
      given({ fidelity: { ratings: { a: 7, b: 2 } }, ranking: { tiers: [["a"], ["b"]] } }),
      ["a", "b"],
    );

    expect(rows.map((row) => row.key)).toEqual(["ranking", "fidelity.a", "fidelity.b"]);
  });

  it("tells no marks from no answer", () => {
    const [row] = answerRows(
      [question("implausibility", "marks")],
      given({ implausibility: { marks: { a: [] } } }, {}, {
        implausibility: { marks: { a: [{ x: 0.1, y: 0.2 }] } },
      }),
      ["a"],
    );

    expect(row?.values).toEqual([0, null, 1]);
    expect(row?.differs).toBe(true);
  });
});

describe("annotators differ", () => {
  function differ(type: QuestionType, ...answers: unknown[]): boolean | undefined {
    const [row] = answerRows([question("q", type)], given(...answers.map((q) => ({ q }))), ["a"]);
    return row?.differs;
  }

  it("by ratings two steps apart, and not by the order inside a tie", () => {
    expect(differ("rating", { ratings: { a: 3 } }, { ratings: { a: 4 } })).toBe(false);
    expect(differ("rating", { ratings: { a: 2 } }, { ratings: { a: 4 } })).toBe(true);
    expect(differ("ranking", { tiers: [["a", "d"], ["b"]] }, { tiers: [["d", "a"], ["b"]] })).toBe(
      false,
    );
  });

  it("by flags, in whatever order they were chosen, and never by their own words", () => {
    const flags = (...a: string[]) => ({ flags: { a } });

    expect(differ("flags", flags("x", "y"), flags("y", "x"))).toBe(false);
    expect(differ("flags", flags("x", "y"), flags("x"))).toBe(true);
    expect(differ("comment", { text: "good" }, { text: "bad" })).toBe(false);
  });

  it("never with a single answer", () => {
    const [row] = answerRows(
      [question("q", "preference")],
      given({ q: { choice: "a" } }, {}),
      ["a", "b"],
    );

    expect(row?.differs).toBe(false);
  });
});

describe("marks and words", () => {
  const annotations = given(
    {
      implausibility: { marks: { a: [{ x: 0.5, y: 0.5 }] } },
      misaligned_words: { tokens: [1] },
    },
    { implausibility: { marks: { a: [] } }, misaligned_words: { tokens: [] } },
    { misaligned_words: { tokens: [0, 1] } },
  );

  it("list the people who marked each word", () => {
    expect(wordMarkers([question("misaligned_words", "words")], ["red", "cube", "table"], annotations)).toEqual([[2], [0, 2], []]);
  });

  it("keep an empty list for everyone without marks", () => {
    expect(marksOf(question("implausibility", "marks"), "a", annotations)).toEqual([[{ x: 0.5, y: 0.5 }], [], []]);
  });
});

describe("choosers", () => {
  it("are those who chose the image in the last question that chooses one", () => {
    const questions = [
      question("aesthetics", "preference"),
      question("overall", "preference"),
      question("remark", "comment"),
    ];
    const annotations = given(
      { aesthetics: { choice: "a" }, overall: { choice: "b" } },
      { aesthetics: { choice: "b" }, overall: { choice: "a" } },
      { aesthetics: { choice: "a" } },
    );

    expect(choosers(questions, "a", annotations)).toEqual([1]);
  });
});

describe("a checklist's rows", () => {
  const checklist = [
    { id: "bear", text: "a bear", kind: "", depends_on: [] },
    { id: "hat", text: "a hat", kind: "", depends_on: ["bear"] },
  ];

  it("stand one under the other, skipped ones as such; skipping alone is no difference", () => {
    const rows = answerRows(
      [question("q", "checklist")],
      given({ q: { rows: { bear: "yes", hat: "no" } } }, { q: { rows: { bear: "no" } } }),
      ["a"],
      checklist,
    );

    expect(rows.map(({ of, values, differs }) => [of?.id, values, differs])).toEqual([
      ["bear", ["yes", "no"], true],
      ["hat", ["no", "skipped"], false],
    ]);
  });
});
