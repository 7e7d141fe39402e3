/** Tiers of a ranking, and what moves an image among them. Pure. */

import type { Letter } from "./kind";

/** Best first; images of one tier are level. */
export type Tiers = readonly (readonly Letter[])[];

/** Where an image goes: among the tiers that the others make, from 0; or level with that tier. */
export interface Target {
  readonly at: number;
  readonly level: boolean;
}

export function tierOf(tiers: Tiers, letter: Letter): number {
  return tiers.findIndex((tier) => tier.includes(letter));
}

export function without(tiers: Tiers, letter: Letter): Tiers {
  return tiers
    .map((tier) => tier.filter((other) => other !== letter))
    .filter((tier) => tier.length > 0);
}

/** The image at its target, wherever it was before; beyond the end it is the last. */
export function placed(tiers: Tiers, letter: Letter, { at, level }: Target): Tiers {
  const rest = without(tiers, letter);
  const joined = rest[at];
  if (level && joined) return rest.with(at, [...joined, letter]);
  return rest.toSpliced(Math.min(at, rest.length), 0, [letter]);
}

/** The next image after those that are ranked, or level with the last of them. */
export function ranked(tiers: Tiers, letter: Letter, level: boolean): Tiers {
  return placed(tiers, letter, { at: level ? tiers.length - 1 : tiers.length, level });
}

/** All images that are not ranked, together on the last place. */
export function withRest(tiers: Tiers, order: readonly Letter[]): Tiers {
  const rest = order.filter((letter) => tierOf(tiers, letter) === -1);
  return rest.length > 0 ? [...tiers, rest] : tiers;
}

/** Where only one image is left, its place is the last: nobody has to press it. */
export function withImplied(tiers: Tiers, order: readonly Letter[]): Tiers {
  return tiers.flat().length === order.length - 1 ? withRest(tiers, order) : tiers;
}
