import { describe, expect, it } from "vitest";

import { act, Bench, question } from "@/annotate/testing";
import { imagePoint, screenPoint } from "@/image/geometry";
import { cursorOf, type Region, thinned } from "@/questions/regions";

import { commandsFor } from "./commands";

const TREE = [
  ["body", ""],
  ["hands", "body"],
  ["face", "body"],
  ["text", ""],
].map(([id = "", parent = ""]) => ({ id, title: id, title_zh: "", parent }));

const FLAWS = [question("flaws", "regions", { options: TREE })];

function desk(questions = FLAWS, order = ["a"]): Bench {
  return new Bench(questions).open("1", order);
}

function box(letter: string, [x1, y1, x2, y2]: [number, number, number, number]) {
  return act({ type: "box", letter, from: imagePoint(x1, y1), to: imagePoint(x2, y2) });
}

function line(tool: "brush" | "lasso" | "erase", points: [number, number][], letter = "a") {
  return act({ type: "stroke", letter, stroke: tool === "lasso" ? { tool, points } : { tool, radius: 0.05, points } });
}

const flaw = (id: string) => act({ type: "flaw", flaw: id });

function regions(bench: Bench, letter = "a"): readonly Region[] {
  const answer = bench.answers.flaws as { regions: Record<string, Region[]> } | undefined;
  return answer?.regions[letter] ?? [];
}

function cursor(bench: Bench) {
  if (!bench.session.open) throw new Error("nothing is open");
  return cursorOf(bench.session.open);
}

/** Presses a key as the desk would: the first command that has it. */
function press(bench: Bench, code: string, shift = false): Bench {
  const command = commandsFor(bench.session).find(({ keys }) =>
    keys.some((key) => key.code === code && (key.shift ?? false) === shift),
  );
  if (!command || command.event.type === "look") throw new Error(`no key: ${code}`);
  return bench.send(command.event);
}

describe("a box", () => {
  it("is from any corner to its opposite, in five digits, and ends at the image's edge", () => {
    const bench = desk().send(flaw("text"), box("a", [0.7, 1.4, 0.1234567, 0.2]));

    expect(bench.answers).toEqual({
      flaws: { regions: { a: [{ flaw: "text", box: [0.12346, 0.2, 0.57654, 0.8] }] } },
    });
  });

  it("is none without a width", () => {
    expect(desk().send(box("a", [0.5, 0.1, 0.5, 0.9])).answers).toEqual({});
  });

  it("is a region of its own every time", () => {
    const bench = desk().send(flaw("text"), box("a", [0, 0, 0.1, 0.1]), box("a", [0.5, 0.5, 0.6, 0.6]));

    expect(regions(bench).map((one) => "box" in one && one.box)).toEqual([
      [0, 0, 0.1, 0.1],
      [0.5, 0.5, 0.1, 0.1],
    ]);
  });
});

describe("strokes", () => {
  const brushed = () => desk().send(flaw("hands"), line("brush", [[0.2, 0.2], [0.4, 0.2]]));

  it("go on with the chosen region until another one is begun", () => {
    const bench = brushed().send(line("lasso", [[0.5, 0.5], [0.7, 0.5], [0.6, 0.7]]));
    press(bench, "KeyN").send(line("brush", [[0.9, 0.9]]));

    expect(regions(bench)).toEqual([
      {
        flaw: "hands",
        strokes: [
          { tool: "brush", radius: 0.05, points: [[0.2, 0.2], [0.4, 0.2]] },
          { tool: "lasso", points: [[0.5, 0.5], [0.7, 0.5], [0.6, 0.7]] },
        ],
      },
      { flaw: "hands", strokes: [{ tool: "brush", radius: 0.05, points: [[0.9, 0.9]] }] },
    ]);
  });

  it("are taken back one by one, with whatever else was done between them", () => {
    const bench = brushed().send(line("erase", [[0.2, 0.2]]), flaw("text"));
    const seen = [regions(bench)[0]];
    for (let time = 0; time < 3; time += 1) seen.push(regions(bench.send({ type: "undo" }))[0]);

    expect(seen.map((one) => one && [one.flaw, "strokes" in one ? one.strokes.length : 0])).toEqual([
      ["text", 2],
      ["hands", 2],
      ["hands", 1],
      undefined,
    ]);
  });

  it("turn a box into a lasso around its corners", () => {
    const bench = desk().send(flaw("text"), box("a", [0.1, 0.2, 0.4, 0.6]), line("erase", [[0.1, 0.2]]));

    expect(regions(bench)).toEqual([
      {
        flaw: "text",
        strokes: [
          { tool: "lasso", points: [[0.1, 0.2], [0.4, 0.2], [0.4, 0.6], [0.1, 0.6]] },
          { tool: "erase", radius: 0.05, points: [[0.1, 0.2]] },
        ],
      },
    ]);
  });

  it("that rub all of a region away leave none", () => {
    const bench = brushed().send(line("erase", [[0.1, 0.2], [0.5, 0.2]]));

    expect(bench.answers).toEqual({});
  });

  it("of the eraser find the region that they meet, and begin none", () => {
    const bench = brushed().send(act({ type: "select", region: null }), line("erase", [[0.8, 0.8]]));
    expect(regions(bench)).toHaveLength(1);
    expect(regions(bench)[0]).not.toHaveProperty("strokes.1");

    bench.send(line("erase", [[0.4, 0.2], [0.42, 0.2]]));
    expect(regions(bench)[0]).toHaveProperty("strokes.1.tool", "erase");
  });

  it("of a lasso with two points are none", () => {
    expect(desk().send(line("lasso", [[0.1, 0.1], [0.2, 0.2]])).answers).toEqual({});
  });
});

describe("a flaw", () => {
  it("is said after drawing too, and is asked for before the item is sent", () => {
    const bench = desk().send(box("a", [0, 0, 0.5, 0.5]), { type: "confirm" });
    expect(bench.sent()).toEqual([]);

    bench.send(flaw("face"), { type: "confirm" });
    expect(bench.sent().map(({ answers }) => answers)).toEqual([
      { flaws: { regions: { a: [{ flaw: "face", box: [0, 0, 0.5, 0.5] }] } } },
    ]);
  });

  it("is found by digits: those of the top, then of what lies under the one pressed", () => {
    const bench = desk();
    press(press(bench, "Digit1"), "Digit2");
    expect(cursor(bench)).toMatchObject({ next: { flaws: "face" }, level: "body" });

    press(press(bench, "ArrowLeft"), "Digit2");
    expect(cursor(bench)).toMatchObject({ next: { flaws: "text" }, level: "" });
  });

  it("is the only one without being said", () => {
    const bench = desk([question("flaws", "regions", { options: TREE.slice(3) })]);

    expect(regions(bench.send(box("a", [0, 0, 0.5, 0.5])))[0]?.flaw).toBe("text");
  });
});

describe("by keys alone", () => {
  it("a box goes from one corner to the other", () => {
    const bench = desk();
    press(press(bench, "Digit2"), "KeyC");
    press(bench, "Enter");
    press(press(bench, "ArrowRight", true), "ArrowDown", true);
    press(press(bench, "ArrowDown"), "Enter");

    expect(regions(bench)).toEqual([{ flaw: "text", box: [0.5, 0.5, 0.01, 0.011] }]);
    // The crosshair stays for the next one; Escape puts it away.
    expect(cursor(bench).crosshair).toMatchObject({ corner: null });
    expect(cursor(bench.send({ type: "cancel" })).crosshair).toBeNull();
  });

  it("regions are gone round and removed", () => {
    const bench = desk().send(flaw("text"), box("a", [0, 0, 0.1, 0.1]), box("a", [0.5, 0.5, 0.6, 0.6]));
    press(press(bench, "Tab", true), "Delete");

    expect(regions(bench)).toEqual([{ flaw: "text", box: [0.5, 0.5, 0.1, 0.1] }]);
  });
});

describe("an image without a flaw", () => {
  it("is said so for all that have no region", () => {
    const bench = desk(FLAWS, ["b", "a"]).send(flaw("text"), box("b", [0, 0, 0.1, 0.1]));
    press(bench, "KeyE");

    expect(bench.answers.flaws).toEqual({
      regions: { a: [], b: [{ flaw: "text", box: [0, 0, 0.1, 0.1] }] },
    });
  });
});

it("what is only seen changes no answer: tools, sizes, levels, hiding", () => {
  const bench = desk().send(flaw("text"), box("a", [0, 0, 0.1, 0.1]));
  const before = JSON.stringify(bench.answers);
  for (const code of ["KeyB", "KeyF", "KeyA", "KeyR", "BracketLeft", "BracketRight", "KeyY", "KeyC", "KeyN"]) {
    press(bench, code);
  }

  expect(cursor(bench).hidden).toBe(true);
  const command = commandsFor(bench.session).find(({ name }) => name === "hide_regions");
  if (!command?.release || command.release.type === "look") throw new Error("it is not let go of");
  bench.send(command.release);
  expect(cursor(bench)).toMatchObject({ hidden: false, radius: 0.03 });
  expect(JSON.stringify(bench.answers)).toBe(before);
});

it("a line keeps what the eye can tell from it", () => {
  const seen = (...points: [number, number][]) => points.map(([x, y]) => screenPoint(x, y));

  expect(thinned(seen([0, 0], [5, 0.3], [10, 0], [10, 5], [10, 10]), 0.4)).toEqual(
    seen([0, 0], [10, 0], [10, 10]),
  );
  expect(thinned(seen([0, 0], [5, 0.5], [10, 0]), 0.4)).toEqual(seen([0, 0], [5, 0.5], [10, 0]));
});
