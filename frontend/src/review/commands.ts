/** Everything that can be done at the review desk, as a table of commands. */

import type { review } from "@/i18n/en/review";
import { type Command, digit, HELP_KEYS, keys } from "@/ui/desk/commands";

import type { LayerEvent } from "@/questions/layers/layers";
import type { ReviewEvent } from "./session";

export type Action =
  | Extract<ReviewEvent, { kind: "choose" | "move" | "accept" | "accept_all" | "ask_reason" }>
  | Extract<ReviewEvent, { kind: "cancel" | "clear" }>
  | { kind: "submit" }
  | { kind: "unsure" }
  | { kind: "correct" }
  | { kind: "undo" }
  | Extract<LayerEvent, { kind: "toggle_layer" | "toggle_marks" | "toggle_heatmap" | "toggle_spread" }>
  | { kind: "next_at_least" }
  | { kind: "next_flaw" }
  | { kind: "toggle_guideline" }
  | { kind: "toggle_help" }
  | { kind: "zoom"; held: boolean }
  | { kind: "flicker"; held: boolean };

export type CommandName = keyof (typeof review)["commands"];
export type ReviewCommand = Command<Action, CommandName>;

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7, 8];

export const COMMANDS: readonly ReviewCommand[] = [
  ...PLACES.map(
    (index): ReviewCommand => ({
      name: "choose",
      group: "judge",
      keys: digit(index + 1),
      event: { kind: "choose", index },
      value: index + 1,
    }),
  ),
  move("ArrowLeft", -1),
  move("ArrowRight", 1),
  { name: "accept", group: "judge", keys: keys("KeyA"), event: { kind: "accept" } },
  { name: "ask_reason", group: "judge", keys: keys("KeyR"), event: { kind: "ask_reason" } },
  {
    name: "accept_all",
    group: "judge",
    keys: [{ code: "KeyA", shift: true }],
    event: { kind: "accept_all" },
  },
  { name: "clear", group: "judge", keys: keys("Backspace"), event: { kind: "clear" } },
  { name: "submit", group: "judge", keys: keys("Enter", "NumpadEnter"), event: { kind: "submit" } },
  { name: "unsure", group: "judge", keys: keys("KeyN"), event: { kind: "unsure" } },
  { name: "correct", group: "judge", keys: keys("KeyC"), event: { kind: "correct" } },
  { name: "undo", group: "judge", keys: keys("KeyU"), event: { kind: "undo" } },
  { name: "toggle_heatmap", group: "look", keys: keys("KeyH"), event: { kind: "toggle_heatmap" } },
  { name: "toggle_spread", group: "look", keys: keys("KeyV"), event: { kind: "toggle_spread" } },
  { name: "next_at_least", group: "look", keys: keys("KeyK"), event: { kind: "next_at_least" } },
  { name: "toggle_marks", group: "look", keys: keys("KeyM"), event: { kind: "toggle_marks" } },
  { name: "next_flaw", group: "look", keys: keys("KeyF"), event: { kind: "next_flaw" } },
  ...PLACES.map(
    (index): ReviewCommand => ({
      name: "toggle_layer",
      group: "look",
      keys: [{ code: `Digit${index + 1}`, shift: true }],
      event: { kind: "toggle_layer", index },
      value: index + 1,
    }),
  ),
  held("zoom", "KeyZ"),
  held("flicker", "KeyX"),
  {
    name: "toggle_guideline",
    group: "desk",
    keys: keys("KeyG"),
    event: { kind: "toggle_guideline" },
  },
  { name: "toggle_help", group: "desk", keys: HELP_KEYS, event: { kind: "toggle_help" } },
  { name: "cancel", group: "desk", keys: keys("Escape"), event: { kind: "cancel" } },
];

function move(code: string, by: 1 | -1): ReviewCommand {
  return { name: "move", group: "judge", keys: keys(code), event: { kind: "move", by }, repeats: true };
}

function held(name: "zoom" | "flicker", code: string): ReviewCommand {
  return {
    name,
    group: "look",
    keys: keys(code),
    event: { kind: name, held: true },
    release: { kind: name, held: false },
  };
}

interface ReasonKey {
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** While the reason is being written: the number of a quick reason, if the field is still empty. */
export function quickReason(key: ReasonKey, written: string, count: number): number | null {
  if (key.ctrlKey || key.metaKey || key.altKey || key.shiftKey || written !== "") return null;
  const number = /^(?:Digit|Numpad)([1-9])$/.exec(key.code)?.[1];
  const index = Number(number ?? 0) - 1;
  return index >= 0 && index < count ? index : null;
}
