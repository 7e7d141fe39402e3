/** How many presses an item takes: no more than there is to say. */

import { describe, expect, it } from "vitest";

import { act, assignment, Bench, MPS, prefer, question, RICHHF as RICHHF_SHORT } from "@/annotate/testing";
import type { Question } from "@/questions/kind";

import { commandsFor } from "./commands";

const NINE = ["c", "a", "b", "i", "h", "g", "f", "e", "d"];
const YES = [{ id: "yes", title: "", title_zh: "", parent: "" }];
const ISSUES = ["conflict", "limbs", "unclear"].map((id) => ({ id, title: id, title_zh: "", parent: "" }));

/** The templates as the server sends them: the same kinds in the same order. */
const ENTITYDRAW: Question[] = [
  question("best", "pick", { position: 0 }),
  question("photorealism", "flags", { position: 1, about: "best", options: YES }),
  question("faithfulness", "flags", { position: 2, about: "best", options: YES }),
];
const RICHHF = [
  ...RICHHF_SHORT,
  question("alignment", "rating", { position: 5 }),
  question("aesthetics", "rating", { position: 6 }),
];
const SCALE = { min: 1, max: 7 };
const IMAGEREWARD: Question[] = [
  question("alignment", "rating", { position: 0, scale: SCALE }),
  question("fidelity", "rating", { position: 1, scale: SCALE }),
  question("overall", "rating", { position: 2, scale: SCALE }),
  question("issues", "flags", { position: 3, options: ISSUES }),
  question("ranking", "ranking", { position: 4 }),
];

/** Does what the keyboard would do: one key, one command of the table. */
function press(desk: Bench, ...codes: string[]): number {
  for (const code of codes) {
    const command = commandsFor(desk.session).find(({ keys }) =>
      keys.some((key) => key.code === code && !key.shift),
    );
    if (!command) throw new Error(`${code} does nothing here`);
    if (command.event.type === "look") throw new Error(`${code} only looks`);
    desk.send(command.event);
  }
  return codes.length;
}

describe("the fewest presses", () => {
  it("are four for a pair judged by four questions", () => {
    const desk = new Bench(MPS).open("1");

    expect(press(desk, "KeyF", "Space", "KeyB", "KeyJ")).toBe(4);

    expect(desk.sent()).toHaveLength(1);
  });

  it("is one for an image that is put into a class, by forefinger or by number", () => {
    const classes = ["acceptable", "not_acceptable"].map((id) => ({ id, title: id, title_zh: "", parent: "" }));
    for (const [key, index] of [["KeyF", 0], ["KeyJ", 1], ["Digit1", 0], ["Digit2", 1]] as const) {
      const desk = new Bench([question("verdict", "label", { options: classes })]).open("1", ["a"]);

      expect(press(desk, key)).toBe(1);

      expect(desk.sent()[0]?.answers).toEqual({ verdict: { labels: { a: classes[index]?.id } } });
    }
  });

  it("are three for three reasons, of which there are no more, and one for none of them", () => {
    const options = ["hands", "light", "text", "colour"].map((id) => ({ id, title: id, title_zh: "", parent: "" }));
    const asked = [question("why", "reasons"), question("which", "preference", { position: 1 })];
    const desk = new Bench(asked.map((one) => ({ ...one, options }))).open("1");

    press(desk, "Digit2", "Digit1", "Digit2", "Digit4");
    expect([desk.focus, desk.answers.why]).toEqual([0, { reasons: ["hands", "colour"] }]);
    press(desk, "Digit3");
    expect([desk.focus, desk.answers.why]).toEqual([1, { reasons: ["hands", "colour", "text"] }]);
    desk.send({ type: "focus_question", question: "why" });
    press(desk, "Digit2");
    expect(desk.answers.why).toEqual({ reasons: ["hands", "colour", "text"] });
    press(desk, "KeyE");

    expect([desk.focus, desk.answers.why]).toEqual([1, { reasons: [] }]);
  });

  it("are eight for one image where nothing is wrong: an answer each, and Enter", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);

    expect(press(desk, "KeyE", "KeyE", "KeyE", "Digit5", "Digit4", "Digit3", "Digit4", "Enter")).toBe(8);

    expect(desk.sent()[0]?.answers).toMatchObject({ misaligned_words: { tokens: [] } });
  });

  it("are one a question for every kind that one press answers", () => {
    const desk = new Bench([
      question("which", "preference", { position: 0 }),
      question("best", "pick", { position: 1 }),
      question("order", "ranking", { position: 2 }),
      question("how_good", "rating", { position: 3 }),
      question("broken", "flags", { position: 4, options: YES }),
    ]).open("1");

    // A rating and a yes or no of each of the two images.
    expect(press(desk, "KeyF", "Digit1", "Digit2", "Digit4", "Digit5", "Digit1", "KeyE")).toBe(7);

    expect(desk.sent()).toHaveLength(1);
  });

  it("are three for the best of four", () => {
    const desk = new Bench(ENTITYDRAW).open("1", ["d", "b", "a", "c"]);

    expect(press(desk, "Digit2", "Digit1", "KeyE")).toBe(3);

    expect(desk.sent().map(({ answers }) => answers)).toEqual([
      {
        best: { choice: "b" },
        photorealism: { flags: { b: ["yes"] } },
        faithfulness: { flags: { b: [] } },
      },
    ]);
  });

  it("are thirty-six for nine images rated, flagged and ranked", () => {
    const desk = new Bench(IMAGEREWARD).open("1", NINE);
    const ratings = Array.from({ length: 27 }, (_, index) => `Digit${(index % 7) + 1}`);
    const ranks = Array.from({ length: 8 }, (_, index) => `Digit${index + 1}`);

    expect(press(desk, ...ratings, "KeyR", ...ranks)).toBe(36);

    expect(desk.sent()).toHaveLength(1);
    expect(desk.sent()[0]?.answers).toMatchObject({
      alignment: { ratings: { c: 1, a: 2, d: 2 } },
      issues: { flags: Object.fromEntries(NINE.map((letter) => [letter, []])) },
      ranking: { tiers: NINE.map((letter) => [letter]) },
    });
  });
});

describe("rating several images", () => {
  const RATINGS = ["1", "2", "3", "4", "5", "6"].map((value) => `Digit${value}`);

  it.each([
    [false, { c: 1, a: 2, b: 3 }, { c: 4, a: 5, b: 6 }],
    [true, { c: 1, a: 3, b: 5 }, { c: 2, a: 4, b: 6 }],
  ])("goes image by image: %s, with the same presses", (imageByImage, alignment, fidelity) => {
    const desk = new Bench(IMAGEREWARD.slice(0, 2), imageByImage).open("1", ["c", "a", "b"]);

    expect(press(desk, ...RATINGS)).toBe(6);

    expect(desk.sent()[0]?.answers).toEqual({
      alignment: { ratings: alignment },
      fidelity: { ratings: fidelity },
    });
  });

  it("is thirty-six presses for nine images either way", () => {
    const desk = new Bench(IMAGEREWARD, true).open("1", NINE);
    const ratings = Array.from({ length: 27 }, (_, index) => `Digit${(index % 7) + 1}`);
    const ranks = Array.from({ length: 8 }, (_, index) => `Digit${index + 1}`);

    expect(press(desk, ...ratings, "KeyR", ...ranks)).toBe(36);

    expect(desk.sent()[0]?.answers).toMatchObject({ alignment: { ratings: { c: 1, a: 4 } } });
  });
});

describe("flags", () => {
  it("keep what is said of an image when the rest have none", () => {
    const desk = new Bench([question("issues", "flags", { options: ISSUES })]);
    desk.open("1", ["c", "a", "b"]);

    press(desk, "Digit2", "Enter", "KeyR");

    expect(desk.sent()[0]?.answers).toEqual({ issues: { flags: { c: ["limbs"], a: [], b: [] } } });
  });
});

describe("a ranking", () => {
  function ranking(): Bench {
    return new Bench([
      question("ranking", "ranking", { position: 0 }),
      question("remark", "comment", { position: 1, required: false }),
    ]).open("1", ["c", "a", "b", "d"]);
  }

  it("takes an image up by its number and puts it on the place of the next", () => {
    const desk = ranking();
    press(desk, "Digit1", "Digit2", "Digit3", "BracketLeft");
    expect(desk.answers).toEqual({ ranking: { tiers: [["c"], ["a"], ["b"], ["d"]] } });

    press(desk, "Digit4", "Digit1");
    expect(desk.answers).toEqual({ ranking: { tiers: [["d"], ["c"], ["a"], ["b"]] } });

    press(desk, "Digit3", "Equal", "Digit2");
    expect(desk.answers).toEqual({ ranking: { tiers: [["d"], ["c", "b"], ["a"]] } });

    press(desk, "Digit2", "Delete");
    expect(desk.answers).toEqual({ ranking: { tiers: [["d"], ["c", "b"]] } });
  });

  it("moves nothing by “level” alone", () => {
    const desk = ranking();
    press(desk, "Digit1", "Equal");
    expect(desk.answers).toEqual({ ranking: { tiers: [["c"]] } });

    press(desk, "Digit2", "KeyR");
    expect(desk.answers).toEqual({ ranking: { tiers: [["c", "a"], ["b", "d"]] } });
  });

  it("is put by hand where the image is let go", () => {
    const desk = ranking();
    press(desk, "Digit1", "Digit2");

    desk.send(act({ type: "insert", letter: "a", target: { at: 0, level: false } }));

    expect(desk.answers).toEqual({ ranking: { tiers: [["a"], ["c"]] } });
  });

  it("lets an image go that was taken up when Escape is pressed", () => {
    const desk = ranking();
    press(desk, "Digit1", "Digit1", "Escape", "Digit2");

    expect(desk.answers).toEqual({ ranking: { tiers: [["c"], ["a"]] } });
  });
});

describe("a press before the item is armed", () => {
  const PAIR = [question("first", "preference"), question("second", "preference", { position: 1 })];
  const opened = { type: "opened", assignment: assignment("1"), key: "k", draft: null } as const;

  it("is taken when its images were painted by then, in its order", () => {
    const desk = new Bench(PAIR).send(opened);
    const painted = desk.now;

    desk.send(prefer("left"), prefer("tie"));
    expect(desk.sent()).toEqual([]);
    desk.send({ type: "armed", id: "1", paintedAt: painted });

    expect(desk.sent().map(({ answers }) => answers)).toEqual([
      { first: { choice: "b" }, second: { choice: "tie" } },
    ]);
  });

  it("is nothing when they were not, for it was meant for what stood there before", () => {
    const desk = new Bench(PAIR).send(opened, prefer("left"));

    desk.send({ type: "armed", id: "1", paintedAt: desk.now });

    expect(desk.answers).toEqual({});
  });

  it("is never lost through 300 items in a row", () => {
    const desk = new Bench(PAIR);
    for (let number = 0; number < 300; number++) {
      const id = String(number);
      desk.send({ ...opened, assignment: assignment(id), key: `key-${id}` });
      const painted = desk.now;
      desk.send(prefer("left"), { type: "armed", id, paintedAt: painted }, prefer("right"));
    }

    expect(new Set(desk.sent().map(({ item }) => item.assignment.id)).size).toBe(300);
    expect(desk.sent()).toHaveLength(300);
  });
});

describe("a lease that has run out", () => {
  it("swaps an item that is untouched, and says so beside the next", () => {
    const desk = new Bench(MPS).open("1").send({ type: "lapsed", id: "1" });
    expect(desk.session.open).toBeNull();
    expect(desk.effects.slice(-3)).toEqual([
      { type: "drop_draft", id: "1" },
      { type: "let_go", id: "1" },
      { type: "take" },
    ]);

    desk.open("2");

    expect(desk.session.notice).toEqual({ what: "swapped" });
  });

  it("leaves an item that is begun, with what was answered", () => {
    const desk = new Bench(MPS).open("1").send(prefer("left"), { type: "lapsed", id: "1" });

    expect(desk.answers).toEqual({ aesthetics: { choice: "b" } });
    expect(desk.session.notice).toEqual({ what: "lease_lapsed" });
  });
});
