/** Everything that can be done to look more closely, as a table of commands. */

import type { annotate } from "@/i18n/en/annotate";
import { type Command, type Key, keys } from "@/ui/desk/commands";

import type { LookAction } from "./look";

export type LookName = keyof (typeof annotate)["commands"];
export type LookCommand = Command<LookEvent, LookName>;

export interface LookEvent {
  readonly type: "look";
  readonly action: LookAction;
}

const ALWAYS: readonly LookCommand[] = [
  look("zoom_in", { type: "zoom", by: 1 }, [
    { code: "Equal", shift: true, typed: "+" },
    ...keys("NumpadAdd", "Equal"),
  ]),
  look("zoom_out", { type: "zoom", by: -1 }, [
    { code: "Minus", typed: "-" },
    ...keys("NumpadSubtract"),
  ]),
  look("zoom_whole", { type: "whole" }, keys("Digit0", "Numpad0")),
  look("exact", { type: "exact", pixels: 1 }, keys("KeyI"), 1),
  look("exact", { type: "exact", pixels: 2 }, keys("KeyO"), 2),
  held("peek", "KeyZ"),
  panning("ArrowLeft", -1, 0),
  panning("ArrowRight", 1, 0),
  panning("ArrowUp", 0, -1),
  panning("ArrowDown", 0, 1),
  look("surround", { type: "surround" }, keys("KeyK")),
];

const SEVERAL: readonly LookCommand[] = [
  look("swap", { type: "swap" }, keys("KeyV")),
  held("flicker", "KeyX"),
  look("difference", { type: "difference" }, keys("KeyP")),
  look("gain", { type: "gain" }, [{ code: "KeyP", shift: true }]),
  look("link", { type: "link" }, keys("KeyL")),
  look("enlarge", { type: "enlarge" }, keys("KeyM")),
  look("image_before", { type: "turn", by: -1 }, keys("Comma")),
  look("image_after", { type: "turn", by: 1 }, keys("Period")),
];

/** For an item of `count` images. */
export function lookCommands(count: number): readonly LookCommand[] {
  if (count < 2) return ALWAYS;
  if (count === 2) return [...ALWAYS, ...SEVERAL];
  const choosing = Array.from({ length: count }, (_, place) =>
    look("compare", { type: "choose", place }, [{ code: `Digit${place + 1}`, alt: true }], place + 1),
  );
  return [...ALWAYS, ...SEVERAL, ...choosing];
}

function look(
  name: LookName,
  action: LookAction,
  on: readonly Key[],
  value?: number,
): LookCommand {
  const command: LookCommand = { name, group: "look", keys: on, event: { type: "look", action } };
  const repeats = action.type === "zoom" || action.type === "pan";
  return { ...command, ...(value === undefined ? {} : { value }), ...(repeats ? { repeats } : {}) };
}

function held(name: "peek" | "flicker", code: string): LookCommand {
  const release: LookEvent = { type: "look", action: { type: name, held: false } };
  return { ...look(name, { type: name, held: true }, keys(code)), release };
}

function panning(code: string, dx: number, dy: number): LookCommand {
  return look("pan", { type: "pan", dx, dy }, [{ code, alt: true }]);
}
