/**
 * A desk's table of commands: the keyboard, the buttons' key caps and the help are drawn from it.
 *
 * Keys are physical (`KeyboardEvent.code`), so that they lie under the same fingers on every
 * keyboard layout.
 */

export interface Key {
  readonly code: string;
  readonly shift?: boolean;
  readonly alt?: boolean;
  /** What the key types, for a sign that lies elsewhere on other layouts. */
  readonly typed?: string;
}

export interface Command<Event = unknown, Name extends string = string> {
  readonly name: Name;
  /** Under which heading the help lists it. */
  readonly group: string;
  /** Any of these does it; the first is the one shown on the button. */
  readonly keys: readonly Key[];
  readonly event: Event;
  /** For keys that act while they are held: what letting go does. */
  readonly release?: Event;
  /** Holding the key repeats it: for moving, never for answering. */
  readonly repeats?: boolean;
  /** Which of several alike: the number to rate, the place to pick. */
  readonly value?: number;
}

export interface Pressed {
  readonly code: string;
  readonly shift: boolean;
  readonly alt?: boolean;
  readonly repeat: boolean;
  readonly typed: string;
}

export function keys(...codes: string[]): Key[] {
  return codes.map((code) => ({ code }));
}

/** A digit, above the letters or on the number pad. */
export function digit(number: number): Key[] {
  return keys(`Digit${number}`, `Numpad${number}`);
}

export const HELP_KEYS: readonly Key[] = [{ code: "Slash", shift: true, typed: "?" }];

function isMeant(key: Key, pressed: Pressed): boolean {
  return (
    (key.typed !== undefined && key.typed === pressed.typed && !pressed.alt) ||
    (key.code === pressed.code &&
      (key.shift ?? false) === pressed.shift &&
      (key.alt ?? false) === (pressed.alt ?? false))
  );
}

/** The command that a pressed key means; the earlier one where two have the same key. */
export function commandAt<C extends Command>(commands: readonly C[], pressed: Pressed): C | null {
  return commands.find(({ keys }) => keys.some((key) => isMeant(key, pressed))) ?? null;
}

/** Whether it is done now: once, however long its key is held, unless it repeats. */
export function isDue(command: Command, pressed: Pressed): boolean {
  return !pressed.repeat || command.repeats === true;
}

/** The held command that letting go of this key ends. */
export function releasedBy<C extends Command>(commands: readonly C[], code: string): C | null {
  return (
    commands.find(
      (command) => command.release !== undefined && command.keys.some((key) => key.code === code),
    ) ?? null
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
  Backquote: "`",
  Minus: "−",
  Comma: ",",
  Period: ".",
  Semicolon: ";",
  Quote: "'",
  Backslash: "\\",
  NumpadAdd: "Num +",
  NumpadSubtract: "Num -",
  NumpadMultiply: "Num *",
  NumpadDivide: "Num /",
  NumpadDecimal: "Num .",
};

/** What a person's own keyboard has printed on its keys, where the browser tells. */
export type Layout = ReadonlyMap<string, string> | null;

/** What a key cap says. */
export function capOf({ code, shift, alt, typed }: Key, layout?: Layout): string {
  if (typed !== undefined) return typed;
  const cap =
    CAPS[code] ?? layout?.get(code)?.toUpperCase() ?? code.replace(/^(Key|Digit|Numpad)/, "");
  return `${alt ? "Alt " : ""}${shift ? "⇧" : ""}${cap}`;
}
