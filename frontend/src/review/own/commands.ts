/** What can be done while a reviewer answers themselves, as a table of commands. */

import type { questions } from "@/i18n/en/questions";
import type { regions } from "@/i18n/en/regions";
import type { review } from "@/i18n/en/review";
import type { Question } from "@/questions/kind";
import { kindOf, kindsOf } from "@/questions/registry";
import { focusedStep, hereOf } from "@/questions/steps";
import { type Command, HELP_KEYS, keys } from "@/ui/desk/commands";

import type { OwnEvent, OwnItem } from "./own";

export type OwnAction =
  | OwnEvent
  | { type: "send" }
  | { type: "cancel" }
  | { type: "zoom"; held: boolean }
  | { type: "guideline" }
  | { type: "help" };

type Name =
  | keyof (typeof review)["commands"]
  | keyof (typeof questions)["commands"]
  | keyof (typeof regions)["commands"];
export type OwnCommand = Command<OwnAction, Name>;

const DESK: readonly OwnCommand[] = [
  { name: "own_send", group: "own", keys: keys("Enter", "NumpadEnter"), event: { type: "send" } },
  own("ArrowUp", -1),
  own("ArrowDown", 1),
  {
    name: "zoom",
    group: "look",
    keys: keys("KeyZ"),
    event: { type: "zoom", held: true },
    release: { type: "zoom", held: false },
  },
  { name: "toggle_guideline", group: "desk", keys: keys("KeyG"), event: { type: "guideline" } },
  { name: "toggle_help", group: "desk", keys: HELP_KEYS, event: { type: "help" } },
  { name: "cancel", group: "desk", keys: keys("Escape"), event: { type: "cancel" } },
];

function own(code: string, by: 1 | -1): OwnCommand {
  return { name: "own_move", group: "own", keys: keys(code), event: { type: "focus_move", by }, repeats: true };
}

function act({ type }: Question, action: unknown): OwnEvent {
  return { type: "act", kind: type, action };
}

/** The keys of the question in focus, those that lead to another, and what they leave free. */
export function ownCommands(open: OwnItem): readonly OwnCommand[] {
  const question = focusedStep(open)?.question;
  const answering: OwnCommand[] = question
    ? kindOf(question)
        .commands(hereOf(open, question))
        .map(({ release, ...command }) => ({
          ...command,
          event: act(question, command.event),
          ...(release === undefined ? {} : { release: act(question, release) }),
        }))
    : [];
  const leading = kindsOf(open.questions).flatMap((kind) =>
    (kind.shortcuts?.(open) ?? []).map(
      ({ command, question: to }): OwnCommand => ({
        ...command,
        event: { type: "focus_question", question: to },
      }),
    ),
  );
  const taken = new Set([...answering, ...leading].flatMap(({ keys: all }) => all.map(({ code }) => code)));
  const free = DESK.map((command) => ({
    ...command,
    keys: command.keys.filter(({ code }) => !taken.has(code)),
  }));
  return [...answering, ...leading, ...free];
}
