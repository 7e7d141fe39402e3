/** The language that the page speaks. */

import type { Language, Room } from "./catalogs";
import { bring, roomsAsked } from "./texts";

let spoken: Language = "en";
const listeners = new Set<() => void>();

export function language(): Language {
  return spoken;
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Speaks it from now on; all that is on the page changes at once. */
export async function change(to: Language): Promise<void> {
  await Promise.all(roomsAsked().map((room) => bring(to, room)));
  spoken = to;
  document.documentElement.lang = to;
  tell();
}

/** Fetches a catalog that nobody waits for, and lets those who would use it know. */
export function bringLater(room: Room): void {
  // Whoever needs it asks again.
  bring(spoken, room).then(tell, () => undefined);
}

function tell(): void {
  listeners.forEach((listener) => listener());
}
