import { describe, expect, it } from "vitest";

import { act, assignment, Bench, MPS, prefer, question, RICHHF } from "@/annotate/testing";
import { imagePoint } from "@/image/geometry";

import type { DeskEvent } from "./state";

const LEFT: DeskEvent = prefer("left");
const RIGHT: DeskEvent = prefer("right");
const TIE: DeskEvent = prefer("tie");
const UNDO: DeskEvent = { type: "undo" };
const CONFIRM: DeskEvent = { type: "confirm" };
const NONE: DeskEvent = act({ type: "none" });

function markAt(x: number, y: number): DeskEvent {
  return act({ type: "mark", letter: "a", at: imagePoint(x, y) });
}

describe("four preferences", () => {
  it("are four presses, and the last one sends", () => {
    const desk = new Bench(MPS).open("1").send(LEFT, RIGHT, TIE);
    expect(desk.sent()).toEqual([]);
    expect(desk.focus).toBe(3);

    desk.send(prefer("both_bad"));

    expect(desk.sent()).toHaveLength(1);
    expect(desk.sent()[0]).toMatchObject({
      item: { key: "key-1", assignment: { id: "1" } },
      answers: {
        aesthetics: { choice: "b" },
        detail_quality: { choice: "a" },
        semantic_alignment: { choice: "tie" },
        overall: { choice: "both_bad" },
      },
    });
    expect(desk.effects.at(-1)).toEqual({ type: "take" });
    expect(desk.session.open).toBeNull();
  });

  it("name the image, wherever it was shown", () => {
    const swapped = new Bench(MPS).open("1", ["a", "b"]).send(LEFT);
    const plain = new Bench(MPS).open("1", ["b", "a"]).send(LEFT);

    expect(swapped.answers).toEqual({ aesthetics: { choice: "a" } });
    expect(plain.answers).toEqual({ aesthetics: { choice: "b" } });
  });

  it("are not taken before the images are on screen", () => {
    const desk = new Bench(MPS).send(
      { type: "opened", assignment: assignment("1"), key: "k", draft: null },
      LEFT,
    );
    expect(desk.answers).toEqual({});

    desk.send({ type: "armed", id: "another" }, LEFT);
    expect(desk.answers).toEqual({});

    desk.send({ type: "armed", id: "1" }, LEFT);
    expect(desk.answers).toEqual({ aesthetics: { choice: "b" } });
  });

  it("can be answered out of order; the focus goes to what is open", () => {
    const desk = new Bench(MPS).open("1").send({ type: "focus", index: 2 }, LEFT);
    expect(desk.focus).toBe(3);

    desk.send(LEFT);

    expect(desk.focus).toBe(0);
  });
});

describe("undo", () => {
  it("takes back the last press first", () => {
    const desk = new Bench(MPS).open("1").send(LEFT, RIGHT, UNDO);

    expect(desk.answers).toEqual({ aesthetics: { choice: "b" } });
    expect(desk.focus).toBe(1);
    expect(desk.asked("reopen")).toEqual([]);
  });

  it("then asks for the last answered item", () => {
    const desk = new Bench(MPS).open("1").send(LEFT, LEFT, LEFT, LEFT).open("2").send(UNDO);

    expect(desk.asked("reopen")).toEqual([{ type: "reopen", id: "1" }]);
  });

  it("says so when there is nothing", () => {
    const desk = new Bench(MPS).open("1").send(UNDO);

    expect(desk.session.notice).toEqual({ what: "nothing_to_undo" });
    expect(desk.effects).toEqual([]);
  });

  function reopened(): Bench {
    const desk = new Bench(MPS).open("1").send(LEFT, LEFT, LEFT, LEFT).open("2").send(TIE);
    const [first] = desk.sent();
    if (!first) throw new Error("nothing was sent");
    desk.effects = [];
    return desk.send(
      {
        type: "reopened",
        assignment: first.item.assignment,
        key: "key-1-again",
        answers: first.answers,
        draft: null,
      },
      { type: "armed", id: "1" },
    );
  }

  it("sends a change under a new key, and goes back to the item in focus", () => {
    const desk = reopened().send(RIGHT);
    expect(desk.sent()).toEqual([]);

    desk.send(CONFIRM);

    expect(desk.sent()).toHaveLength(1);
    expect(desk.sent()[0]).toMatchObject({
      item: { key: "key-1-again", assignment: { id: "1" } },
      answers: { aesthetics: { choice: "a" }, overall: { choice: "b" } },
    });
    expect(desk.session.open?.assignment.id).toBe("2");
    expect(desk.answers).toEqual({ aesthetics: { choice: "tie" } });
    expect(desk.asked("take")).toEqual([]);
  });

  it("sends nothing when nothing was changed", () => {
    const desk = reopened().send(CONFIRM);

    expect(desk.sent()).toEqual([]);
    expect(desk.session.open?.assignment.id).toBe("2");
  });

  it("sends nothing when a change was changed back", () => {
    const desk = reopened().send(RIGHT, { type: "focus", index: 0 }, LEFT, CONFIRM);

    expect(desk.sent()).toEqual([]);
    expect(desk.session.open?.assignment.id).toBe("2");
  });

  it("is left again by Escape, with the old answer as it was", () => {
    const desk = reopened().send(RIGHT, { type: "cancel" });

    expect(desk.sent()).toEqual([]);
    expect(desk.asked("drop_draft")).toEqual([{ type: "drop_draft", id: "1" }]);
    expect(desk.session.open?.assignment.id).toBe("2");
    expect(desk.answers).toEqual({ aesthetics: { choice: "tie" } });
  });

  it("goes further back from a reopened item", () => {
    const desk = new Bench(MPS);
    for (const id of ["1", "2"]) desk.open(id).send(LEFT, LEFT, LEFT, LEFT);
    const second = desk.sent()[1];
    if (!second) throw new Error("nothing was sent");
    desk.open("3").send({
      type: "reopened",
      assignment: second.item.assignment,
      key: "again",
      answers: second.answers,
      draft: null,
    });

    desk.send(UNDO);

    expect(desk.asked("reopen").at(-1)).toEqual({ type: "reopen", id: "1" });
  });

  it("reaches answers from before a reload", () => {
    const desk = new Bench(MPS).send({ type: "remembered", done: ["x", "y"] }).open("1").send(UNDO);

    expect(desk.asked("reopen")).toEqual([{ type: "reopen", id: "y" }]);
  });
});

describe("marks, words and ratings", () => {
  it("ignore a key of the kind that had the focus a moment ago", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]).send({ type: "focus", index: 3 });

    desk.send({ ...act({ type: "none" }), kind: "words" });

    expect(desk.answers).toEqual({});
  });

  it("wait for Enter, even when all is answered", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);
    desk.send(markAt(0.41, 0.22), CONFIRM, NONE, act({ type: "word", index: 1 }), CONFIRM);
    desk.send(act({ type: "rate", value: 4 }), act({ type: "rate", value: 2 }));
    expect(desk.sent()).toEqual([]);

    desk.send(CONFIRM);

    expect(desk.sent()[0]?.answers).toEqual({
      implausibility: { marks: { a: [{ x: 0.41, y: 0.22 }] } },
      misalignment: { marks: { a: [] } },
      misaligned_words: { tokens: [1] },
      plausibility: { ratings: { a: 4 } },
      overall: { ratings: { a: 2 } },
    });
  });

  it("don't take silence for “no flaw”", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]).send(CONFIRM);

    expect(desk.session.notice).toEqual({ what: "needs_answer", question: "implausibility" });
    expect(desk.focus).toBe(0);

    desk.send(markAt(0.5, 0.5), act({ type: "remove" }));
    expect(desk.answers).toEqual({});
  });

  it("put a mark on the kind of flaw in focus", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);
    desk.send({ type: "focus_question", question: "misalignment" }, markAt(0.1, 0.2));

    expect(desk.answers).toEqual({ misalignment: { marks: { a: [{ x: 0.1, y: 0.2 }] } } });
    expect(desk.cursor?.selected).toEqual({ question: "misalignment", letter: "a", index: 0 });
  });

  it("nudge the last mark by screen pixels, and keep it on the image", () => {
    // At 8:1 on a 1,024 px image a screen pixel is an eighth of an image pixel.
    const pixels = { a: { x: 1 / 8192, y: 1 / 8192 } };
    const desk = new Bench(RICHHF).open("1", ["a"]);
    desk.send(act({ type: "mark", letter: "a", at: imagePoint(0.5, 0.0005) }));

    const nudge = (dx: number, dy: number, far: boolean) => ({
      ...act({ type: "arrow", dx, dy, far }),
      pixels,
    });
    desk.send(nudge(1, 0, false), nudge(0, -1, true));

    expect(desk.answers.implausibility).toEqual({ marks: { a: [{ x: 0.50012, y: 0 }] } });
  });

  it("place marks on any image without a mouse: crosshair, arrows, Enter", () => {
    const pixels = { a: { x: 0.01, y: 0.01 }, b: { x: 0.01, y: 0.01 } };
    const desk = new Bench(RICHHF).open("1", ["b", "a"]).send(act({ type: "crosshair" }));
    const arrow = (dx: number) => ({ ...act({ type: "arrow", dx, dy: 0, far: true }), pixels });

    desk.send(arrow(-1), { type: "confirm" });
    // Over the right side of the first image, in from the left side of the next.
    for (let press = 0; press < 8; press++) desk.send(arrow(1));
    desk.send({ type: "confirm" });

    expect(desk.answers.implausibility).toEqual({
      marks: { b: [{ x: 0.4, y: 0.5 }], a: [{ x: 0.1, y: 0.5 }] },
    });
    expect(desk.cursor?.crosshair).not.toBeNull();
    desk.send(act({ type: "crosshair" }));
    expect(desk.cursor?.crosshair).toBeNull();
  });

  it("keep the focus when a mark of the other kind is moved or removed", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]).send(markAt(0.2, 0.2));
    const mark = { question: "implausibility", letter: "a", index: 0 };
    desk.send({ type: "focus_question", question: "misalignment" });

    desk.send(act({ type: "move", mark, to: imagePoint(0.3, 0.2), first: true }, "implausibility"));
    expect(desk.focus).toBe(1);
    expect(desk.answers).toEqual({ implausibility: { marks: { a: [{ x: 0.3, y: 0.2 }] } } });

    desk.send(act({ type: "drop", mark }, "implausibility"));
    expect(desk.focus).toBe(1);
    expect(desk.answers).toEqual({});
  });

  it("treat a drag as one change", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]).send(markAt(0.2, 0.2));
    const mark = { question: "implausibility", letter: "a", index: 0 };
    for (const [index, x] of [0.3, 0.4, 0.5].entries()) {
      desk.send(act({ type: "move", mark, to: imagePoint(x, 0.2), first: index === 0 }, "implausibility"));
    }
    expect(desk.answers.implausibility).toEqual({ marks: { a: [{ x: 0.5, y: 0.2 }] } });

    desk.send(UNDO);

    expect(desk.answers.implausibility).toEqual({ marks: { a: [{ x: 0.2, y: 0.2 }] } });
  });

  it("go round the marks, and on after the last", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]).send(markAt(0.1, 0.1), markAt(0.2, 0.2));
    const seen = [];
    desk.send(act({ type: "select", mark: null }));
    for (let press = 0; press < 3; press++) {
      desk.send(act({ type: "cycle", by: 1 }));
      seen.push(desk.cursor?.selected?.index ?? null);
    }

    expect(seen).toEqual([0, 1, null]);
  });
});

describe("ranking, picking and flags", () => {
  it("ranks in the order of pressing, with ties, and sends with the last place that is implied", () => {
    const desk = new Bench([question("ranking", "ranking")]).open("1", ["c", "a", "b", "d"]);

    desk.send(
      act({ type: "rank", place: 2 }),
      act({ type: "rank", place: 0 }),
      act({ type: "tie_next" }),
    );
    expect(desk.sent()).toEqual([]);
    desk.send(act({ type: "rank", place: 1 }));

    expect(desk.sent()[0]?.answers).toEqual({ ranking: { tiers: [["b"], ["c", "a"], ["d"]] } });
  });

  it("asks about the picked image, and forgets that when another is picked", () => {
    const desk = new Bench([
      question("best", "pick", { position: 0 }),
      question("real", "flags", {
        position: 1,
        about: "best",
        options: [
          { id: "yes", title: "", title_zh: "", parent: "" },
          { id: "nearly", title: "", title_zh: "", parent: "" },
        ],
      }),
    ]).open("1", ["b", "a"]);

    desk.send(act({ type: "pick", place: 0 }), act({ type: "flag", index: 0 }));
    expect(desk.answers).toEqual({ best: { choice: "b" }, real: { flags: { b: ["yes"] } } });

    desk.send({ type: "focus", index: 0 }, act({ type: "pick", place: 1 }));
    expect(desk.answers).toEqual({ best: { choice: "a" } });

    desk.send(NONE);
    expect(desk.sent()[0]?.answers).toEqual({ best: { choice: "a" }, real: { flags: { a: [] } } });
  });

  it("rates each of several images, left to right", () => {
    const desk = new Bench([question("overall", "rating", { scale: { min: 1, max: 7 } })]);

    desk.open("1", ["c", "a", "b"]);
    desk.send(act({ type: "rate", value: 7 }), act({ type: "rate", value: 1 }), act({ type: "rate", value: 8 }));
    expect(desk.sent()).toEqual([]);
    desk.send(act({ type: "rate", value: 3 }));

    expect(desk.sent()[0]?.answers).toEqual({ overall: { ratings: { c: 7, a: 1, b: 3 } } });
  });

  it("leaves optional questions out when they are empty", () => {
    const desk = new Bench([
      question("overall", "preference", { position: 0 }),
      question("remark", "comment", { position: 1, required: false }),
    ]).open("1");

    desk.send(LEFT);
    expect(desk.sent()).toEqual([]);
    desk.send(CONFIRM);

    expect(desk.sent()[0]?.answers).toEqual({ overall: { choice: "b" } });
  });
});

describe("skipping", () => {
  it("gives the item back with its reason, and takes the next", () => {
    const desk = new Bench(MPS).open("1").send(LEFT, { type: "skip", reason: "broken" });

    expect(desk.session.open).toBeNull();
    expect(desk.effects.slice(-3)).toEqual([
      { type: "drop_draft", id: "1" },
      { type: "release", id: "1", reason: "broken" },
      { type: "take" },
    ]);
  });
});

describe("a draft", () => {
  it("brings back the answers, the place and the key", () => {
    const before = new Bench(MPS).open("1").send(LEFT, TIE);
    const saved = before.asked("save_draft").at(-1)?.item;
    if (!saved) throw new Error("no draft was saved");

    const after = new Bench(MPS).send(
      {
        type: "opened",
        assignment: saved.assignment,
        key: "another-key",
        draft: { key: saved.key, answers: saved.answers, focus: saved.focus, activity: saved.activity },
      },
      { type: "armed", id: "1" },
      LEFT,
      LEFT,
    );

    expect(after.sent()[0]?.item.key).toBe("key-1");
    expect(after.sent()[0]?.answers).toMatchObject({
      aesthetics: { choice: "b" },
      detail_quality: { choice: "tie" },
    });
  });
});
