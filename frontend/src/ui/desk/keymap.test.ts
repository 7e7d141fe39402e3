import { describe, expect, it } from "vitest";

import { type Command, commandAt, keys } from "./commands";
import { choosable, refusalOf, remapped, USUAL } from "./keymap";

const TABLE: readonly Command<string>[] = [
  { name: "left", group: "", keys: keys("KeyF", "ArrowLeft"), event: "left" },
  { name: "skip", group: "", keys: keys("KeyS"), event: "skip" },
  { name: "rate", group: "", keys: keys("Digit1"), event: "one", value: 1 },
  { name: "rate", group: "", keys: keys("Digit2"), event: "two", value: 2 },
  { name: "nudge", group: "", keys: keys("KeyI"), event: "up" },
  { name: "nudge", group: "", keys: keys("KeyM"), event: "down" },
  { name: "cancel", group: "", keys: keys("Escape"), event: "cancel" },
];

function at(table: readonly Command[], code: string, shift = false): unknown {
  return commandAt(table, { code, shift, repeat: false, typed: "" })?.event ?? null;
}

describe("one's own keys", () => {
  it("replace every key of their command, and of no other", () => {
    const mine = remapped(TABLE, { set: {}, own: { left: "Shift+KeyA", "rate:2": "KeyE" } });

    expect(at(mine, "KeyA", true)).toBe("left");
    expect(at(mine, "KeyF")).toBeNull();
    expect(at(mine, "ArrowLeft")).toBeNull();
    expect(at(mine, "KeyE")).toBe("two");
    expect(at(mine, "Digit1")).toBe("one");
  });

  it("of a set stand beside the usual ones, as far as these are free", () => {
    const mine = remapped(TABLE, { set: { left: "KeyS", skip: "KeyX" }, own: {} });

    expect(at(mine, "KeyS")).toBe("left");
    expect(at(mine, "KeyF")).toBe("left");
    expect(at(mine, "KeyX")).toBe("skip");
  });

  it("can't be chosen for commands that only their key tells apart, nor for closing", () => {
    expect(choosable(TABLE).map(({ event }) => event)).toEqual(["left", "skip", "one", "two"]);
    expect(at(remapped(TABLE, { set: {}, own: { nudge: "KeyP", cancel: "KeyP" } }), "KeyP")).toBeNull();
  });
});

describe("a key is refused", () => {
  it("that another command has wherever both are there", () => {
    const elsewhere = TABLE.filter(({ name }) => name !== "left");

    expect(refusalOf([TABLE], USUAL, "skip", "KeyF")).toMatchObject({ why: "taken", by: { name: "left" } });
    expect(refusalOf([elsewhere], USUAL, "skip", "KeyF")).toBeNull();
    expect(refusalOf([elsewhere, TABLE], USUAL, "skip", "KeyF")).toMatchObject({ why: "taken" });
  });

  it("that another was given, not that it had before", () => {
    const keymap = { set: {}, own: { left: "KeyA" } };

    expect(refusalOf([TABLE], keymap, "skip", "KeyA")).toMatchObject({ by: { name: "left" } });
    expect(refusalOf([TABLE], keymap, "skip", "KeyF")).toBeNull();
    expect(refusalOf([TABLE], keymap, "left", "KeyF")).toBeNull();
  });

  it("that the browser keeps", () => {
    expect(refusalOf([TABLE], USUAL, "skip", "F5")).toEqual({ why: "kept" });
    expect(refusalOf([TABLE], USUAL, "skip", "Tab")).toEqual({ why: "kept" });
  });
});
