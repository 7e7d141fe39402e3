/**
 * A text by its key, in a language, with values in it. A key is a path in a room's catalog:
 * "saved.waiting". `{{name}}` stands for a value, `{{n, number}}` and `{{names, list}}` for one as
 * the language writes it; with a `count`, the text is that of its plural form (`_one`, `_other`).
 */

import { fetchCatalog, type Language, type Room } from "./catalogs";

export type Values = Readonly<Record<string, unknown>>;

const here = new Map<string, object>();
/** `status` is React's own word: of what is here, `use` waits for nothing. */
type Coming = Promise<void> & { status?: "fulfilled" };
const coming = new Map<string, Coming>();

export function isHere(language: Language, room: Room): boolean {
  return here.has(`${language}/${room}`);
}

/** Fetches a room's catalog, once; what was lost is asked for again by the next who needs it. */
export function bring(language: Language, room: Room): Promise<void> {
  const name = `${language}/${room}`;
  let promise = coming.get(name);
  if (!promise) {
    const made: Coming = fetchCatalog(language, room).then((catalog) => {
      here.set(name, catalog);
      made.status = "fulfilled";
    });
    made.catch(() => coming.delete(name));
    coming.set(name, made);
    promise = made;
  }
  return promise;
}

/** The rooms that somebody has asked for, in whatever language. */
export function roomsAsked(): Room[] {
  return [...new Set([...coming.keys()].map((name) => name.slice(name.indexOf("/") + 1) as Room))];
}

export function hasText(language: Language, room: Room, key: string): boolean {
  return find(language, room, key) !== undefined;
}

export function textOf(language: Language, room: Room, key: string, values: Values = {}): string {
  const { count } = values;
  const plural =
    typeof count === "number"
      ? find(language, room, `${key}_${new Intl.PluralRules(language).select(count)}`)
      : undefined;
  const text = plural ?? find(language, room, key);
  if (text === undefined) {
    // A key that no catalog has, or that is no text, is a fault of ours: it is not passed over.
    reportError(new Error(`no text: ${room}:${key}`));
    return key;
  }
  return fill(text, language, values);
}

export function groupOf(language: Language, room: Room, key: string): Record<string, string> {
  const found = at(language, room, key);
  return Object.fromEntries(
    Object.entries(found ?? {}).filter((one): one is [string, string] => typeof one[1] === "string"),
  );
}

function find(language: Language, room: Room, key: string): string | undefined {
  const found = at(language, room, key);
  return typeof found === "string" ? found : undefined;
}

function at(language: Language, room: Room, key: string): unknown {
  let found: unknown = here.get(`${language}/${room}`);
  for (const part of key.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Values)[part];
  }
  return found;
}

const PLACE = /\{\{\s*(\w+)\s*(?:,\s*(number|list)\s*)?\}\}/g;

function fill(text: string, language: Language, values: Values): string {
  return text.replace(PLACE, (_place, name: string, format?: string) => {
    const value = values[name];
    if (value === undefined || value === null) return "";
    if (format === "list" && Array.isArray(value)) {
      return new Intl.ListFormat(language).format(value.map(String));
    }
    if (format === "number" && !Number.isNaN(Number(value))) {
      return new Intl.NumberFormat(language).format(Number(value));
    }
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}
