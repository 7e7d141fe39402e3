/** Ready sets of keys, by command; what a set does not name keeps its usual key. */

import type { Schemas } from "@/api/client";
import type { Keys } from "@/ui/desk/keymap";

export type KeySet = Schemas["ChosenKeys"]["key_set"];

export const KEY_SETS: Readonly<Record<KeySet, Keys>> = {
  usual: {},
  // All within reach of the left hand, so that the right one stays at the mouse.
  left_hand: {
    left: "KeyA",
    right: "KeyF",
    tie: "Space",
    both_bad: "KeyB",
    unsure: "KeyV",
    confirm: "KeyR",
    undo: "Backquote",
    recent: "KeyT",
    previous_question: "Shift+KeyG",
    next_question: "Shift+KeyR",
    swap: "Shift+KeyV",
    rest_level: "Shift+KeyT",
    no_flag_for_rest: "Shift+KeyT",
  },
  // All on the number pad.
  numpad: {
    left: "Numpad4",
    right: "Numpad6",
    tie: "Numpad5",
    both_bad: "Numpad2",
    unsure: "Numpad8",
    confirm: "NumpadEnter",
    undo: "NumpadSubtract",
    skip: "NumpadMultiply",
    next_question: "NumpadAdd",
    previous_question: "NumpadDivide",
    guideline: "NumpadDecimal",
  },
};
