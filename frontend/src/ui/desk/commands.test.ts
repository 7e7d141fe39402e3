import { describe, expect, it } from "vitest";

import { capOf, type Command, commandAt, HELP_KEYS, isDue, keys, type Pressed } from "./commands";

const TABLE: readonly Command<string>[] = [
  { name: "accept", group: "", keys: keys("KeyA"), event: "one" },
  { name: "accept_all", group: "", keys: [{ code: "KeyA", shift: true }], event: "all" },
  { name: "next", group: "", keys: keys("ArrowRight"), event: "next", repeats: true },
  { name: "help", group: "", keys: HELP_KEYS, event: "help" },
];

function pressed(code: string, more: Partial<Pressed> = {}): Pressed {
  return { code, shift: false, repeat: false, typed: "", ...more };
}

describe("a table of commands", () => {
  it("tells a key from the same key with Shift", () => {
    expect(commandAt(TABLE, pressed("KeyA"))?.event).toBe("one");
    expect(commandAt(TABLE, pressed("KeyA", { shift: true }))?.event).toBe("all");
    expect(commandAt(TABLE, pressed("KeyB"))).toBeNull();
  });

  it("finds the help by what is typed, wherever ? lies", () => {
    expect(commandAt(TABLE, pressed("Minus", { shift: true, typed: "?" }))?.event).toBe("help");
  });

  it("repeats moving only, however long a key is held", () => {
    const due = (code: string) => {
      const press = pressed(code, { repeat: true });
      const command = commandAt(TABLE, press);
      return command && isDue(command, press);
    };

    expect(due("KeyA")).toBe(false);
    expect(due("ArrowRight")).toBe(true);
  });
});

describe("key caps", () => {
  it("show what is printed on the person's own keyboard", () => {
    const azerty = new Map([["KeyQ", "a"]]);

    expect(capOf({ code: "KeyQ" }, azerty)).toBe("A");
    expect(capOf({ code: "KeyQ" })).toBe("Q");
    expect(capOf({ code: "ArrowLeft", shift: true })).toBe("⇧←");
    expect(HELP_KEYS.map((key) => capOf(key))).toEqual(["?"]);
  });
});
