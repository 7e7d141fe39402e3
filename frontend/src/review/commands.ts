/**
 * Every command of the review page, once: its key, and what it asks for. The keyboard, the buttons
 * and the help are drawn from this table. Keys are physical places (`event.code`), so that they lie
 * under the same fingers on every layout.
 */

export type Command =
  | { kind: "choose"; index: number }
  | { kind: "move"; by: 1 | -1 }
  | { kind: "accept" }
  | { kind: "accept_all" }
  | { kind: "ask_reason" }
  | { kind: "cancel" }
  | { kind: "clear" }
  | { kind: "submit" }
  | { kind: "toggle_heatmap" }
  | { kind: "toggle_marks" }
  | { kind: "next_flaw" }
  | { kind: "toggle_layer"; index: number }
  | { kind: "toggle_guideline" }
  | { kind: "toggle_help" }
  | { kind: "zoom" }
  | { kind: "flicker" };

export interface Keys {
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

interface Binding {
  code: string;
  shift: boolean;
  command: Command;
}

/** Shown in the help and on the buttons. */
export const KEY_CAPS = {
  choose: "1–9",
  move: "← →",
  accept: "A",
  accept_all: "⇧ A",
  ask_reason: "R",
  clear: "⌫",
  submit: "↵",
  cancel: "Esc",
  toggle_heatmap: "H",
  toggle_marks: "M",
  next_flaw: "F",
  toggle_layer: "⇧ 1–9",
  toggle_guideline: "G",
  toggle_help: "?",
  zoom: "Z",
  flicker: "X",
} as const satisfies Record<Command["kind"], string>;

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const BINDINGS: readonly Binding[] = [
  ...DIGITS.flatMap((digit): Binding[] => [
    { code: `Digit${digit}`, shift: false, command: { kind: "choose", index: digit - 1 } },
    { code: `Numpad${digit}`, shift: false, command: { kind: "choose", index: digit - 1 } },
    { code: `Digit${digit}`, shift: true, command: { kind: "toggle_layer", index: digit - 1 } },
  ]),
  { code: "ArrowRight", shift: false, command: { kind: "move", by: 1 } },
  { code: "ArrowLeft", shift: false, command: { kind: "move", by: -1 } },
  { code: "KeyA", shift: false, command: { kind: "accept" } },
  { code: "KeyA", shift: true, command: { kind: "accept_all" } },
  { code: "KeyR", shift: false, command: { kind: "ask_reason" } },
  { code: "Backspace", shift: false, command: { kind: "clear" } },
  { code: "Enter", shift: false, command: { kind: "submit" } },
  { code: "NumpadEnter", shift: false, command: { kind: "submit" } },
  { code: "Escape", shift: false, command: { kind: "cancel" } },
  { code: "KeyH", shift: false, command: { kind: "toggle_heatmap" } },
  { code: "KeyM", shift: false, command: { kind: "toggle_marks" } },
  { code: "KeyF", shift: false, command: { kind: "next_flaw" } },
  { code: "KeyG", shift: false, command: { kind: "toggle_guideline" } },
  { code: "Slash", shift: true, command: { kind: "toggle_help" } },
  { code: "KeyZ", shift: false, command: { kind: "zoom" } },
  { code: "KeyX", shift: false, command: { kind: "flicker" } },
];

/** The command of a key press, or null; chords with Ctrl, Alt or ⌘ stay the browser's. */
export function commandOf(keys: Keys): Command | null {
  if (keys.ctrlKey || keys.metaKey || keys.altKey) return null;
  const found = BINDINGS.find(({ code, shift }) => code === keys.code && shift === keys.shiftKey);
  return found?.command ?? null;
}

/** While the reason is being written: the number of a quick reason, if the field is still empty. */
export function quickReason(keys: Keys, written: string, count: number): number | null {
  if (keys.ctrlKey || keys.metaKey || keys.altKey || keys.shiftKey || written !== "") return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(keys.code)?.[1];
  const index = Number(digit ?? 0) - 1;
  return index >= 0 && index < count ? index : null;
}
