import { describe, expect, it } from "vitest";

import { imagePoint } from "@/image/geometry";

import { capOf, commandAt, commandsFor, type Pressed, releasedBy } from "./commands";
import type { DeskEvent } from "./state";
import { assignment, Bench, MPS, question, RICHHF } from "./testing";

function pressed(code: string, more: Partial<Pressed> = {}): Pressed {
  return { code, shift: false, repeat: false, typed: "", ...more };
}

function eventOf(desk: Bench, code: string, more: Partial<Pressed> = {}): DeskEvent | null {
  return commandAt(commandsFor(desk.session), pressed(code, more))?.event ?? null;
}

describe("the keys of a pair", () => {
  const desk = new Bench(MPS).open("1");

  it.each([
    ["KeyF", "left"],
    ["ArrowLeft", "left"],
    ["Digit1", "left"],
    ["KeyJ", "right"],
    ["ArrowRight", "right"],
    ["Numpad2", "right"],
    ["Space", "tie"],
    ["KeyB", "both_bad"],
    ["KeyN", "unsure"],
  ])("%s means %s", (code, choice) => {
    expect(eventOf(desk, code)).toEqual({ type: "prefer", choice });
  });

  it("answers once, however long a key is held", () => {
    expect(eventOf(desk, "KeyF", { repeat: true })).toBeNull();
  });

  it("holds the loupe and the flicker while their keys are down", () => {
    const commands = commandsFor(desk.session);

    expect(eventOf(desk, "KeyZ")).toEqual({ type: "peek", held: true });
    expect(releasedBy(commands, "KeyZ")?.release).toEqual({ type: "peek", held: false });
    expect(releasedBy(commands, "KeyX")?.release).toEqual({ type: "flicker", held: false });
  });

  it("finds the help by what is typed, wherever ? lies", () => {
    expect(eventOf(desk, "Minus", { shift: true, typed: "?" })).toEqual({
      type: "dialog",
      dialog: "help",
    });
  });
});

describe("the keys of a point page", () => {
  it("switch flaws from anywhere, and mean the marks while these are in hand", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);
    expect(eventOf(desk, "KeyE")).toEqual({ type: "none" });
    expect(eventOf(desk, "ArrowUp")).toEqual({ type: "arrow", dx: 0, dy: -1, far: false });
    expect(eventOf(desk, "ArrowUp", { shift: true })).toMatchObject({ far: true });
    expect(eventOf(desk, "ArrowUp", { repeat: true })).toMatchObject({ type: "arrow" });

    desk.send({ type: "focus", index: 3 });

    expect(eventOf(desk, "KeyW")).toEqual({ type: "focus_question", question: "misalignment" });
    expect(eventOf(desk, "Digit4")).toEqual({ type: "rate", value: 4 });
    expect(eventOf(desk, "Digit6")).toBeNull();
    expect(eventOf(desk, "ArrowUp")).toEqual({ type: "focus_move", by: -1 });
  });

  it("leave Tab to the page when there is no further mark", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);
    expect(eventOf(desk, "Tab")).toBeNull();

    desk.send({ type: "mark", letter: "a", at: imagePoint(0.5, 0.5) });
    expect(eventOf(desk, "Tab")).toBeNull();

    desk.send({ type: "mark_select", mark: null });
    expect(eventOf(desk, "Tab")).toEqual({ type: "mark_cycle", by: 1 });
  });
});

describe("the table", () => {
  const pages: [string, Bench][] = [
    ["a pair", new Bench(MPS).open("1")],
    ...RICHHF.map((one, index): [string, Bench] => [
      one.id,
      new Bench(RICHHF).open("1", ["a"]).send({ type: "focus", index }),
    ]),
    ["a ranking", new Bench([question("ranking", "ranking")]).open("1", ["a", "b", "c"])],
    [
      "flags",
      new Bench([question("f", "flags", { options: [{ id: "x", title: "" }] })]).open("1", ["a"]),
    ],
    ["a pick", new Bench([question("best", "pick")]).open("1", ["a", "b", "c"])],
  ];

  it.each(pages)("gives every key of %s one meaning", (_name, desk) => {
    const keys = commandsFor(desk.session).flatMap((command) =>
      command.keys.map(({ code, shift }) => `${shift ? "Shift+" : ""}${code}`),
    );

    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("leaves an open dialog its own keys alone", () => {
    const desk = new Bench(MPS).open("1").send({ type: "dialog", dialog: "skip" });

    expect(eventOf(desk, "KeyF")).toBeNull();
    expect(eventOf(desk, "Escape")).toEqual({ type: "cancel" });
  });

  it("offers no skipping of an item that is answered already", () => {
    const desk = new Bench(MPS).open("1");
    desk.send({ type: "reopened", assignment: assignment("1"), key: "k", answers: {}, draft: null });

    expect(eventOf(desk, "KeyS")).toBeNull();
  });
});

describe("key caps", () => {
  it("show what is printed on the person's own keyboard", () => {
    const azerty = new Map([["KeyQ", "a"]]);

    expect(capOf({ code: "KeyQ" }, azerty)).toBe("A");
    expect(capOf({ code: "KeyQ" })).toBe("Q");
    expect(capOf({ code: "ArrowLeft", shift: true })).toBe("⇧←");
    expect(capOf({ code: "Slash", shift: true })).toBe("?");
  });
});
