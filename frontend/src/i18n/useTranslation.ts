/** The texts of a room's catalog in the reader's language, for a component. */

import { createContext, use, useSyncExternalStore } from "react";

import type { Catalogs, Language, Room } from "./catalogs";
import { language, subscribe } from "./speaking";
import { bring, groupOf, hasText, isHere, textOf, type Values } from "./texts";

/** The keys of a catalog's texts; of those in several plural forms the one without the form. */
type KeyOf<Catalog> = {
  [K in keyof Catalog & string]: Catalog[K] extends string
    ? K extends `${infer Stem}_one` | `${infer Stem}_other`
      ? Stem
      : K
    : `${K}.${KeyOf<Catalog[K]>}`;
}[keyof Catalog & string];

/** Of several rooms the first one's keys are short; all may be said with their room. */
type KeyIn<Rooms extends readonly Room[]> =
  | KeyOf<Catalogs[Rooms[0]]>
  | { [R in Rooms[number]]: `${R}:${KeyOf<Catalogs[R]>}` }[Rooms[number]];

type TextIn<Rooms extends readonly Room[]> = (key: KeyIn<Rooms>, values?: Values) => string;
export type Text<Rooms extends Room | readonly Room[]> = TextIn<
  Rooms extends readonly Room[] ? Rooms : readonly [Extract<Rooms, Room>]
>;

export interface Speech {
  readonly language: Language;
  exists(this: void, key: string, where: { ns: Room }): boolean;
  /** The texts below a key. */
  group(this: void, key: string, where: { ns: Room }): Readonly<Record<string, string>>;
}

interface Translation<Rooms extends readonly Room[]> {
  readonly t: TextIn<Rooms>;
  readonly i18n: Speech;
}

/** The language of a part of the page that has one of its own. */
export const OwnLanguage = createContext<Language | null>(null);

const made = new Map<string, Translation<readonly Room[]>>();

/** Waits for the rooms' catalogs; the same functions as long as the language stays. */
export function useTranslation<R extends Room>(room: R): Translation<readonly [R]>;
export function useTranslation<const Rooms extends readonly [Room, ...Room[]]>(
  rooms: Rooms,
): Translation<Rooms>;
export function useTranslation(room: Room | readonly [Room, ...Room[]]): unknown {
  const rooms = typeof room === "string" ? ([room] as const) : room;
  const spoken = useSyncExternalStore(subscribe, language);
  const own = use(OwnLanguage) ?? spoken;
  // Always, in whatever order they come: React asks again for just the promises that it has seen.
  for (const one of rooms) use(bring(own, one));
  return translation(own, rooms);
}

/** The texts of a room whether its catalog is here or not: what is not here does not exist. */
export function useTranslationIfHere<R extends Room>(room: R): Translation<readonly [R]> {
  const own = useSyncExternalStore(subscribe, language);
  useSyncExternalStore(subscribe, () => isHere(own, room));
  return translation(own, [room]) as unknown as Translation<readonly [R]>;
}

function translation(own: Language, rooms: readonly Room[]): Translation<readonly Room[]> {
  const name = `${own}/${rooms.join()}`;
  let found = made.get(name);
  if (!found) {
    const [first] = rooms as readonly [Room];
    found = {
      t: (key, values) => {
        const colon = key.indexOf(":");
        const room = colon < 0 ? first : (key.slice(0, colon) as Room);
        return textOf(own, room, key.slice(colon + 1), values);
      },
      i18n: {
        language: own,
        exists: (key, { ns }) => hasText(own, ns, key),
        group: (key, { ns }) => groupOf(own, ns, key),
      },
    };
    made.set(name, found);
  }
  return found;
}
