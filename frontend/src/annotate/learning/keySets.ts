/** Ready sets of keys, by command; what a set does not name keeps its usual key. */

import type { Schemas } from "@/api/client";
import type { DeskCommandName, KindCommandName } from "@/annotate/session/commands";

export type KeySet = Schemas["ChosenKeys"]["key_set"];

type KeyOf = Readonly<Partial<Record<DeskCommandName | KindCommandName, string>>>;

export const KEY_SETS: Readonly<Record<KeySet, KeyOf>> = {
  usual: {},
  // All within reach of the left hand, so that the right one stays at the mouse.
  left_hand: {
    choose_left: "KeyA",
    choose_right: "KeyF",
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
    row_yes: "KeyF",
    row_no: "KeyD",
    row_unsure: "KeyV",
  },
  // All on the number pad.
  numpad: {
    choose_left: "Numpad4",
    choose_right: "Numpad6",
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
