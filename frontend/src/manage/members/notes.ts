/** For whom invitations are: the same name twice is one person with two links. Pure. */

export function isSame(one: string, other: string): boolean {
  return one.toLocaleLowerCase() === other.toLocaleLowerCase();
}

/** Those that stand in the list more than once, each once. */
export function repeated(notes: readonly string[]): string[] {
  const isFirst = (note: string, place: number) =>
    notes.findIndex((one) => isSame(one, note)) === place;
  return notes.filter(
    (note, place) => isFirst(note, place) && notes.slice(place + 1).some((one) => isSame(one, note)),
  );
}
