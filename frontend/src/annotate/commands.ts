/**
 * Everything that can be done at the desk: its name, its key, its label, its event.
 *
 * Keyboard, on-screen buttons with their key caps, and the help are all drawn from this one table.
 * Keys are physical (`KeyboardEvent.code`), so that they lie under the same fingers on every
 * keyboard layout.
 */

import { tiersOf } from "./answers";
import { hasNextMark } from "./marking";
import { type DeskEvent, focusedStep, type Session } from "./state";

export type CommandName =
  | "choose_left"
  | "choose_right"
  | "tie"
  | "both_bad"
  | "unsure"
  | "pick"
  | "rate"
  | "rank"
  | "tie_next"
  | "flag"
  | "flaw"
  | "no_flaw"
  | "no_word"
  | "no_flag"
  | "remove_mark"
  | "next_mark"
  | "previous_mark"
  | "left"
  | "right"
  | "up"
  | "down"
  | "far_left"
  | "far_right"
  | "far_up"
  | "far_down"
  | "crosshair"
  | "previous_word"
  | "next_word"
  | "toggle_word"
  | "previous_question"
  | "next_question"
  | "confirm"
  | "undo"
  | "cancel"
  | "skip"
  | "peek"
  | "flicker"
  | "guideline"
  | "recent"
  | "help";

export type Group = "answer" | "marks" | "look" | "move" | "desk";

export interface Key {
  readonly code: string;
  readonly shift?: boolean;
}

export interface Command {
  readonly name: CommandName;
  readonly group: Group;
  /** Any of these does it; the first is the one shown on the button. */
  readonly keys: readonly Key[];
  readonly event: DeskEvent;
  /** For keys that act while they are held: what letting go does. */
  readonly release?: DeskEvent;
  /** Holding the key repeats it: for moving, never for answering. */
  readonly repeats?: boolean;
  /** Which of several alike: the number to rate, the place to pick, the flag, the question. */
  readonly value?: number;
}

function keys(...codes: string[]): Key[] {
  return codes.map((code) => ({ code }));
}

/** Digits as one types them: place 0 is key 1. */
function digit(number: number): Key[] {
  return keys(`Digit${number}`, `Numpad${number}`);
}

function count<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index));
}

const PREFERENCE: readonly Command[] = [
  {
    name: "choose_left",
    group: "answer",
    keys: keys("KeyF", "ArrowLeft", "Digit1", "Numpad1"),
    event: { type: "prefer", choice: "left" },
  },
  {
    name: "tie",
    group: "answer",
    keys: keys("Space"),
    event: { type: "prefer", choice: "tie" },
  },
  {
    name: "choose_right",
    group: "answer",
    keys: keys("KeyJ", "ArrowRight", "Digit2", "Numpad2"),
    event: { type: "prefer", choice: "right" },
  },
  {
    name: "both_bad",
    group: "answer",
    keys: keys("KeyB"),
    event: { type: "prefer", choice: "both_bad" },
  },
  {
    name: "unsure",
    group: "answer",
    keys: keys("KeyN"),
    event: { type: "prefer", choice: "unsure" },
  },
];

function arrowCommand(
  name: CommandName,
  code: string,
  dx: number,
  dy: number,
  far: boolean,
): Command {
  return {
    name,
    group: "marks",
    keys: [far ? { code, shift: true } : { code }],
    event: { type: "arrow", dx, dy, far },
    repeats: true,
  };
}

const MARKS: readonly Command[] = [
  { name: "no_flaw", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
  {
    name: "remove_mark",
    group: "marks",
    keys: keys("Delete", "KeyD"),
    event: { type: "mark_remove" },
  },
  { name: "crosshair", group: "marks", keys: keys("KeyC"), event: { type: "crosshair" } },
  arrowCommand("left", "ArrowLeft", -1, 0, false),
  arrowCommand("right", "ArrowRight", 1, 0, false),
  arrowCommand("up", "ArrowUp", 0, -1, false),
  arrowCommand("down", "ArrowDown", 0, 1, false),
  arrowCommand("far_left", "ArrowLeft", -1, 0, true),
  arrowCommand("far_right", "ArrowRight", 1, 0, true),
  arrowCommand("far_up", "ArrowUp", 0, -1, true),
  arrowCommand("far_down", "ArrowDown", 0, 1, true),
];

const WORDS: readonly Command[] = [
  { name: "no_word", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
  {
    name: "previous_word",
    group: "move",
    keys: keys("ArrowLeft"),
    event: { type: "word_move", by: -1 },
    repeats: true,
  },
  {
    name: "next_word",
    group: "move",
    keys: keys("ArrowRight"),
    event: { type: "word_move", by: 1 },
    repeats: true,
  },
];

const FLAW_KEYS = ["KeyQ", "KeyW"] as const;

/** Switches between kinds of flaws, from anywhere on the item. */
function flaws(session: Session): Command[] {
  return session.questions
    .filter((question) => question.type === "marks")
    .slice(0, FLAW_KEYS.length)
    .map((question, index) => ({
      name: "flaw",
      group: "marks",
      keys: keys(FLAW_KEYS[index] ?? ""),
      event: { type: "focus_question", question: question.id },
      value: index,
    }));
}

/** What answers the step in focus. */
function answering(session: Session): readonly Command[] {
  const here = focusedStep(session);
  const { open } = session;
  if (!here || !open) return [];
  const images = open.assignment.shown.order.length;
  switch (here.question.type) {
    case "preference":
      return PREFERENCE;
    case "pick":
      return count(images, (place) => ({
        name: "pick",
        group: "answer",
        keys: digit(place + 1),
        event: { type: "pick", place },
        value: place + 1,
      }));
    case "rating": {
      const { min, max } = here.question.scale ?? { min: 1, max: 5 };
      return count(max - min + 1, (index) => ({
        name: "rate",
        group: "answer",
        keys: min + index >= 0 && min + index <= 9 ? digit(min + index) : [],
        event: { type: "rate", value: min + index },
        value: min + index,
      }));
    }
    case "ranking":
      return [
        ...count(
          images,
          (place): Command => ({
            name: "rank",
            group: "answer",
            keys: digit(place + 1),
            event: { type: "rank", place },
            value: place + 1,
          }),
        ),
        ...(tiersOf(open.answers, here.question.id).length > 0
          ? [
              {
                name: "tie_next",
                group: "answer",
                keys: keys("Equal", "NumpadEqual"),
                event: { type: "tie_next" },
              } satisfies Command,
            ]
          : []),
      ];
    case "flags":
      return [
        ...count(
          Math.min(here.question.options.length, 9),
          (index): Command => ({
            name: "flag",
            group: "answer",
            keys: digit(index + 1),
            event: { type: "flag", index },
            value: index + 1,
          }),
        ),
        { name: "no_flag", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
      ];
    case "words":
      return [
        ...WORDS,
        {
          name: "toggle_word",
          group: "answer",
          keys: keys("Space"),
          event: { type: "word", index: open.word },
        },
      ];
    case "marks":
      return [
        ...MARKS,
        ...(hasNextMark(session, 1)
          ? [
              {
                name: "next_mark",
                group: "marks",
                keys: keys("Tab"),
                event: { type: "mark_cycle", by: 1 },
              } satisfies Command,
            ]
          : []),
        ...(hasNextMark(session, -1)
          ? [
              {
                name: "previous_mark",
                group: "marks",
                keys: [{ code: "Tab", shift: true }],
                event: { type: "mark_cycle", by: -1 },
              } satisfies Command,
            ]
          : []),
      ];
    case "comment":
      return [];
  }
}

function moving(session: Session): Command[] {
  const vertical = focusedStep(session)?.question.type !== "marks";
  return [
    {
      name: "confirm",
      group: "move",
      keys: keys("Enter", "NumpadEnter"),
      event: { type: "confirm" },
    },
    {
      name: "previous_question",
      group: "move",
      keys: keys(...(vertical ? ["ArrowUp", "BracketLeft"] : ["BracketLeft"])),
      event: { type: "focus_move", by: -1 },
      repeats: true,
    },
    {
      name: "next_question",
      group: "move",
      keys: keys(...(vertical ? ["ArrowDown", "BracketRight"] : ["BracketRight"])),
      event: { type: "focus_move", by: 1 },
      repeats: true,
    },
  ];
}

function looking(session: Session): Command[] {
  const peek: Command = {
    name: "peek",
    group: "look",
    keys: keys("KeyZ"),
    event: { type: "peek", held: true },
    release: { type: "peek", held: false },
  };
  if (session.open?.assignment.shown.order.length !== 2) return [peek];
  return [
    peek,
    {
      name: "flicker",
      group: "look",
      keys: keys("KeyX"),
      event: { type: "flicker", held: true },
      release: { type: "flicker", held: false },
    },
  ];
}

const DESK: readonly Command[] = [
  { name: "undo", group: "desk", keys: keys("Backspace"), event: { type: "undo" } },
  { name: "cancel", group: "desk", keys: keys("Escape"), event: { type: "cancel" } },
  { name: "guideline", group: "desk", keys: keys("KeyG"), event: { type: "guideline" } },
  {
    name: "recent",
    group: "desk",
    keys: keys("KeyH"),
    event: { type: "dialog", dialog: "recent" },
  },
  {
    name: "help",
    group: "desk",
    keys: [{ code: "Slash", shift: true }],
    event: { type: "dialog", dialog: "help" },
  },
];

const SKIP: Command = {
  name: "skip",
  group: "desk",
  keys: keys("KeyS"),
  event: { type: "dialog", dialog: "skip" },
};

/** What can be done now. Earlier commands win where two have the same key. */
export function commandsFor(session: Session): readonly Command[] {
  if (session.dialog) return DESK.filter(({ name }) => ["cancel", session.dialog].includes(name));
  if (!session.open) return DESK;
  return [
    ...answering(session),
    ...flaws(session),
    ...moving(session),
    ...looking(session),
    ...(session.open.before ? [] : [SKIP]),
    ...DESK,
  ];
}

export interface Pressed {
  readonly code: string;
  readonly shift: boolean;
  readonly repeat: boolean;
  /** What the key types, for `?`, which lies elsewhere on other layouts. */
  readonly typed: string;
}

/** The command that a pressed key means; null when it means none, or may not repeat. */
export function commandAt(commands: readonly Command[], pressed: Pressed): Command | null {
  const found =
    (pressed.typed === "?" ? commands.find(({ name }) => name === "help") : undefined) ??
    commands.find((command) =>
      command.keys.some(
        ({ code, shift }) => code === pressed.code && (shift ?? false) === pressed.shift,
      ),
    );
  if (!found || (pressed.repeat && !found.repeats)) return null;
  return found;
}

/** The held command that letting go of this key ends. */
export function releasedBy(commands: readonly Command[], code: string): Command | null {
  return (
    commands.find((command) => command.release && command.keys.some((key) => key.code === code)) ??
    null
  );
}

const CAPS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Backspace: "⌫",
  Delete: "Del",
  Enter: "↵",
  NumpadEnter: "↵",
  Escape: "Esc",
  Tab: "⇥",
  Equal: "=",
  NumpadEqual: "=",
  BracketLeft: "[",
  BracketRight: "]",
  Slash: "/",
};

/** What a key cap says. `layout`: from the browser, where it knows the person's own keyboard. */
export function capOf({ code, shift }: Key, layout?: ReadonlyMap<string, string> | null): string {
  const cap =
    CAPS[code] ?? layout?.get(code)?.toUpperCase() ?? code.replace(/^(Key|Digit|Numpad)/, "");
  if (code === "Slash" && shift) return "?";
  return shift ? `⇧${cap}` : cap;
}
