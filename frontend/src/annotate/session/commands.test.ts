import { describe, expect, it } from "vitest";

import { act, assignment, Bench, MPS, question, RICHHF } from "@/annotate/testing";
import type { LookEvent } from "@/annotate/stage/commands";
import { imagePoint } from "@/image/geometry";
import { commandAt, isDue, type Pressed, releasedBy } from "@/ui/desk/commands";

import { commandsFor } from "./commands";
import type { DeskEvent } from "./state";

const GRADED = question("overall", "graded", { scale: { min: 1, max: 7 } });
const HALVES = question("care", "rating", { scale: { min: 1, max: 5 }, half_points: true });

function pressed(code: string, more: Partial<Pressed> = {}): Pressed {
  return { code, shift: false, repeat: false, typed: "", ...more };
}

function eventOf(desk: Bench, code: string, more: Partial<Pressed> = {}): DeskEvent | LookEvent | null {
  const press = pressed(code, more);
  const command = commandAt(commandsFor(desk.session), press);
  return command && isDue(command, press) ? command.event : null;
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
    expect(eventOf(desk, code)).toEqual({ ...act({ type: "prefer", choice }), kind: "preference" });
  });

  it("answers once, however long a key is held", () => {
    expect(eventOf(desk, "KeyF", { repeat: true })).toBeNull();
  });

  it("holds the lens and the flicker while their keys are down", () => {
    const commands = commandsFor(desk.session);

    const held = (type: string, now: boolean) => ({ type: "look", action: { type, held: now } });
    expect(eventOf(desk, "KeyZ")).toEqual(held("peek", true));
    expect(releasedBy(commands, "KeyZ")?.release).toEqual(held("peek", false));
    expect(releasedBy(commands, "KeyX")?.release).toEqual(held("flicker", false));
  });

  it("zooms by what is typed, and moves the images by arrows with Alt", () => {
    const look = (action: object) => ({ type: "look", action });

    expect(eventOf(desk, "BracketRight", { typed: "+" })).toEqual(look({ type: "zoom", by: 1 }));
    expect(eventOf(desk, "Minus")).toEqual(look({ type: "zoom", by: -1 }));
    expect(eventOf(desk, "Digit0")).toEqual(look({ type: "whole" }));
    expect(eventOf(desk, "ArrowLeft", { alt: true })).toEqual(look({ type: "pan", dx: -1, dy: 0 }));
  });
});

describe("the keys of a point page", () => {
  it("switch flaws from anywhere, and mean the marks while these are in focus", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);
    expect(eventOf(desk, "KeyE")).toEqual({ ...act({ type: "none" }), kind: "marks" });
    expect(eventOf(desk, "ArrowUp")).toMatchObject(act({ type: "arrow", dx: 0, dy: -1, far: false }));
    expect(eventOf(desk, "ArrowUp", { shift: true })).toMatchObject({ action: { far: true } });
    expect(eventOf(desk, "ArrowUp", { repeat: true })).toMatchObject({ action: { type: "arrow" } });

    desk.send({ type: "focus", index: 3 });

    expect(eventOf(desk, "KeyW")).toEqual({ type: "focus_question", question: "misalignment" });
    expect(eventOf(desk, "Digit4")).toMatchObject(act({ type: "rate", value: 4 }));
    expect(eventOf(desk, "Digit6")).toBeNull();
    expect(eventOf(desk, "ArrowUp")).toEqual({ type: "focus_move", by: -1 });
  });

  it("leave Tab to the page when there is no further mark", () => {
    const desk = new Bench(RICHHF).open("1", ["a"]);
    expect(eventOf(desk, "Tab")).toBeNull();

    desk.send(act({ type: "mark", letter: "a", at: imagePoint(0.5, 0.5) }));
    expect(eventOf(desk, "Tab")).toBeNull();

    desk.send(act({ type: "select", mark: null }));
    expect(eventOf(desk, "Tab")).toMatchObject(act({ type: "cycle", by: 1 }));
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
      new Bench([question("f", "flags", { options: [{ id: "x", title: "", title_zh: "", parent: "" }] })]).open("1", ["a"]),
    ],
    ["a pick", new Bench([question("best", "pick")]).open("1", ["a", "b", "c"])],
    ["seven grades", new Bench([GRADED]).open("1")],
    ["half points beside marks", new Bench([HALVES, question("broken", "marks")]).open("1", ["a"])],
  ];

  it.each(pages)("gives every key of %s one meaning", (_name, desk) => {
    const keys = commandsFor(desk.session).flatMap((command) =>
      command.keys.map(
        ({ code, shift, alt }) => `${alt ? "Alt+" : ""}${shift ? "Shift+" : ""}${code}`,
      ),
    );

    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("skips by Shift where the answers have its letter", () => {
    const desk = new Bench([GRADED]).open("1");

    expect(eventOf(desk, "KeyS")).toMatchObject({ type: "act" });
    expect(eventOf(desk, "KeyS", { shift: true })).toEqual({ type: "dialog", dialog: "skip" });
    expect(commandsFor(desk.session).find(({ name }) => name === "skip")?.keys).toEqual([
      { code: "KeyS", shift: true },
    ]);
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
