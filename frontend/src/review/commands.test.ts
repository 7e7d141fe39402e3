import { describe, expect, it } from "vitest";

import { commandOf, quickReason, type Keys } from "./commands";

function press(code: string, more: Partial<Keys> = {}): Keys {
  return { code, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more };
}

describe("commandOf", () => {
  it.each([
    [press("KeyA"), { kind: "accept" }],
    [press("KeyA", { shiftKey: true }), { kind: "accept_all" }],
    [press("KeyR"), { kind: "ask_reason" }],
    [press("Digit2"), { kind: "choose", index: 1 }],
    [press("Numpad3"), { kind: "choose", index: 2 }],
    [press("Digit2", { shiftKey: true }), { kind: "toggle_layer", index: 1 }],
    [press("Enter"), { kind: "submit" }],
  ])("reads %j", (keys, expected) => {
    expect(commandOf(keys)).toEqual(expected);
  });

  it("leaves the browser's own chords alone", () => {
    expect(commandOf(press("KeyA", { ctrlKey: true }))).toBeNull();
    expect(commandOf(press("KeyR", { metaKey: true }))).toBeNull();
  });
});

describe("quickReason", () => {
  it("takes a digit only while nothing is written", () => {
    expect(quickReason(press("Digit1"), "", 6)).toBe(0);
    expect(quickReason(press("Digit1"), "missed ", 6)).toBeNull();
  });

  it("knows how many there are", () => {
    expect(quickReason(press("Digit7"), "", 6)).toBeNull();
    expect(quickReason(press("KeyA"), "", 6)).toBeNull();
  });
});
