/** Everything that can be done at the desk now, as a table of commands. */

import type { annotate } from "@/i18n/en/annotate";
import type { questions } from "@/i18n/en/questions";
import type { regions } from "@/i18n/en/regions";
import { kindOf, kindsOf } from "@/questions/registry";
import { focusedStep, hereOf } from "@/questions/steps";
import { type Command, HELP_KEYS, type Key, keys } from "@/ui/desk/commands";

import { type LookCommand, lookCommands, type LookEvent } from "@/annotate/stage/commands";
import { placesOf } from "@/annotate/stage/places";

import type { DeskEvent, OpenItem, Session } from "./state";

export type KindCommandName =
  | keyof (typeof questions)["commands"]
  | keyof (typeof regions)["commands"];
export type DeskCommandName = keyof (typeof annotate)["commands"];

export type DeskCommand = Command<DeskEvent | LookEvent, KindCommandName | DeskCommandName>;

const DESK: readonly DeskCommand[] = [
  { name: "undo", group: "desk", keys: keys("Backspace"), event: { type: "undo" } },
  { name: "cancel", group: "desk", keys: keys("Escape"), event: { type: "cancel" } },
  { name: "guideline", group: "desk", keys: keys("KeyG"), event: { type: "guideline" } },
  { name: "recent", group: "desk", keys: keys("KeyH"), event: { type: "dialog", dialog: "recent" } },
  { name: "help", group: "desk", keys: HELP_KEYS, event: { type: "dialog", dialog: "help" } },
];

const SKIP: DeskCommand = {
  name: "skip",
  group: "desk",
  // The second one is for questions whose answers lie under the first.
  keys: [...keys("KeyS"), { code: "KeyS", shift: true }],
  event: { type: "dialog", dialog: "skip" },
};

const MOVING: readonly DeskCommand[] = [
  {
    name: "confirm",
    group: "move",
    keys: keys("Enter", "NumpadEnter"),
    event: { type: "confirm" },
  },
  {
    name: "previous_question",
    group: "move",
    keys: keys("ArrowUp", "BracketLeft"),
    event: { type: "focus_move", by: -1 },
    repeats: true,
  },
  {
    name: "next_question",
    group: "move",
    keys: keys("ArrowDown", "BracketRight"),
    event: { type: "focus_move", by: 1 },
    repeats: true,
  },
];

/** What can be done now. A dialog has the keys to itself. */
export function commandsFor({ open, dialog }: Session): readonly DeskCommand[] {
  if (dialog) return DESK.filter(({ name }) => name === "cancel" || name === dialog);
  if (!open) return DESK;
  const own = answer(open);
  const answering = [...own, ...free(shortcuts(open), own)];
  return [
    ...answering,
    ...free(lookCommands(placesOf(open.assignment).length), answering),
    ...free(MOVING, answering),
    ...free(open.before ? [] : [SKIP], answering),
    ...DESK,
  ];
}

/** The keys of the step in focus. */
function answer(open: OpenItem): readonly DeskCommand[] {
  const question = focusedStep(open)?.question;
  if (!question) return [];
  const act = (action: unknown) => ({ type: "act", kind: question.type, action }) as const;
  return kindOf(question)
    .commands(hereOf(open, question))
    .map(({ release, ...command }) => ({
      ...command,
      event: act(command.event),
      ...(release === undefined ? {} : { release: act(release) }),
    }));
}

function shortcuts(open: OpenItem): readonly DeskCommand[] {
  return kindsOf(open.questions).flatMap((kind) =>
    (kind.shortcuts?.(open) ?? []).map(
      ({ command, question, action }): DeskCommand => ({
        ...command,
        event: action ? { type: "act", question, action } : { type: "focus_question", question },
      }),
    ),
  );
}

/** The commands with those of their keys that the taken ones leave them. */
function free(
  commands: readonly (DeskCommand | LookCommand)[],
  taken: readonly DeskCommand[],
): readonly DeskCommand[] {
  const used = new Set(taken.flatMap((command) => command.keys.map(chordOf)));
  return commands.map((command) => ({
    ...command,
    keys: command.keys.filter((key) => !used.has(chordOf(key))),
  }));
}

function chordOf({ code, shift, alt }: Key): string {
  return `${alt ? "Alt+" : ""}${shift ? "Shift+" : ""}${code}`;
}
