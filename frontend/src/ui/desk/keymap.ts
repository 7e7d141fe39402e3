/** A person's own keys, laid over a table of commands; pure. */

import { type Command, type Key, type Pressed } from "./commands";

/** Command → its key: "KeyK", "Shift+KeyK". Of several alike "rate:3". */
export type Keys = Readonly<Record<string, string>>;

export interface Keymap {
  /** A ready set's keys, beside which the usual ones go on where they are free. */
  readonly set: Keys;
  /** One's own choices, instead of any other key of the command. */
  readonly own: Keys;
}

export const USUAL: Keymap = { set: {}, own: {} };

const SHIFT = "Shift+";
// Of the usual keys only: nobody chooses one.
const ALT = "Alt+";

export function idOf({ name, value }: Pick<Command, "name" | "value">): string {
  return value === undefined ? name : `${name}:${value}`;
}

export function keyOf(text: string): Key {
  return text.startsWith(SHIFT)
    ? { code: text.slice(SHIFT.length), shift: true }
    : { code: text };
}

export function textOf({ code, shift = false, alt = false }: Partial<Pressed> & Pick<Key, "code">) {
  return `${alt ? ALT : ""}${shift ? SHIFT : ""}${code}`;
}

/** Commands of which there is one: those that share a name and a value can't be told apart. */
function countsOf(commands: readonly Command[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const command of commands) {
    counts.set(idOf(command), (counts.get(idOf(command)) ?? 0) + 1);
  }
  return counts;
}

/** The commands whose keys can be chosen; the others keep theirs. */
export function choosable<C extends Command>(commands: readonly C[]): readonly C[] {
  const counts = countsOf(commands);
  return commands.filter(
    (command) => counts.get(idOf(command)) === 1 && command.name !== "cancel" && command.keys.length > 0,
  );
}

/** The table with this person's keys. */
export function remapped<C extends Command>(
  commands: readonly C[],
  { set, own }: Keymap,
): readonly C[] {
  const mine = new Set<Command>(choosable(commands));
  const chosen = new Map<C, string>();
  for (const command of commands) {
    const key = own[idOf(command)] ?? set[idOf(command)];
    if (mine.has(command) && key !== undefined) chosen.set(command, key);
  }
  if (chosen.size === 0) return commands;
  const taken = new Set(chosen.values());
  return commands.map((command) => {
    const key = chosen.get(command);
    const ready = own[idOf(command)] !== undefined;
    const rest =
      key !== undefined && ready
        ? []
        : command.keys.filter((one) => !taken.has(textOf(one)));
    return { ...command, keys: key === undefined ? rest : [keyOf(key), ...rest] };
  });
}

/** Keys that a browser or a focused control keeps for itself. */
const KEPT = /^(Tab|Escape|F\d{1,2}|CapsLock|ContextMenu|PrintScreen)$/;
const MODIFIERS = /^(Shift|Control|Alt|Meta|OS)/;

export function isModifier(code: string): boolean {
  return MODIFIERS.test(code);
}

export type Refusal<C extends Command> = { readonly why: "kept" } | { readonly why: "taken"; readonly by: C };

/**
 * Why a command can't have a key, null if it can: in one of the tables that it is in, another
 * command has it.
 */
export function refusalOf<C extends Command>(
  tables: readonly (readonly C[])[],
  keymap: Keymap,
  id: string,
  key: string,
): Refusal<C> | null {
  if (KEPT.test(keyOf(key).code)) return { why: "kept" };
  const own = Object.fromEntries(Object.entries(keymap.own).filter(([other]) => other !== id));
  for (const table of tables) {
    if (!table.some((command) => idOf(command) === id)) continue;
    const by = remapped(table, { ...keymap, own }).find(
      (command) =>
        idOf(command) !== id &&
        command.keys.some((one) => textOf(one) === key),
    );
    if (by) return { why: "taken", by };
  }
  return null;
}
