import { describe, expect, it } from "vitest";

import { commandAt } from "@/ui/desk/commands";

import { COMMANDS, quickReason } from "./commands";

function meant(code: string, shift = false) {
  return commandAt(COMMANDS, { code, shift, repeat: false, typed: "" })?.event;
}

describe("the keys of the review", () => {
  it.each([
    ["KeyA", false, { kind: "accept" }],
    ["KeyA", true, { kind: "accept_all" }],
    ["KeyR", false, { kind: "ask_reason" }],
    ["Digit2", false, { kind: "choose", index: 1 }],
    ["Numpad3", false, { kind: "choose", index: 2 }],
    ["Digit2", true, { kind: "toggle_layer", index: 1 }],
    ["Enter", false, { kind: "submit" }],
  ])("%s, with Shift %s", (code, shift, expected) => {
    expect(meant(code, shift)).toEqual(expected);
  });

  it("mean one thing each", () => {
    const all = COMMANDS.flatMap(({ keys }) => keys.map(({ code, shift }) => `${shift} ${code}`));

    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
  });
});

describe("quickReason", () => {
  function press(code: string) {
    return { code, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
  }

  it("takes a digit only while nothing is written", () => {
    expect(quickReason(press("Digit1"), "", 6)).toBe(0);
    expect(quickReason(press("Digit1"), "missed ", 6)).toBeNull();
  });

  it("knows how many there are", () => {
    expect(quickReason(press("Digit7"), "", 6)).toBeNull();
    expect(quickReason(press("KeyA"), "", 6)).toBeNull();
  });
});
