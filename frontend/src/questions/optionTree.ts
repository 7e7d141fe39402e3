/** What a question offers, as a tree: an option may lie under another one above it in the list. Pure. */

interface Option {
  readonly id: string;
  readonly parent: string;
}

/** The options right under one; "": those at the top. */
export function under<O extends Option>(options: readonly O[], parent: string): readonly O[] {
  return options.filter((option) => option.parent === parent);
}

/** An option's way down from the top, itself the last; [] of an option that is not there. */
export function pathOf<O extends Option>(options: readonly O[], id: string): readonly O[] {
  const option = options.find((one) => one.id === id);
  return option ? [...pathOf(options, option.parent), option] : [];
}

/** All of them, each before what lies under it. */
export function inTree<O extends Option>(options: readonly O[], parent = ""): readonly O[] {
  return under(options, parent).flatMap((option) => [option, ...inTree(options, option.id)]);
}

export function isTree(options: readonly Option[]): boolean {
  return options.some(({ parent }) => parent !== "");
}
