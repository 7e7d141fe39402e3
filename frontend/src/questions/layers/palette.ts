/** Colours of the annotators' layers: told apart by colour-blind people, on dark and light images. */

import type { Rgb } from "@/image/heatmap";

/** After Okabe and Ito (2008). */
const PEOPLE = ["#56b4e9", "#e69f00", "#cc79a7", "#009e73", "#f0e442", "#d55e00", "#ffffff"];

export function colourOf(place: number): string {
  return PEOPLE[place % PEOPLE.length] ?? "#ffffff";
}

const WARM: readonly Rgb[] = [
  [255, 214, 84],
  [250, 130, 40],
  [200, 16, 46],
];
const COOL: readonly Rgb[] = [
  [120, 224, 255],
  [64, 120, 246],
  [96, 30, 190],
];

/** Where people differ: of no kind of flaw. */
export const SPREAD: readonly Rgb[] = [
  [214, 170, 255],
  [160, 70, 230],
  [86, 10, 150],
];

/** The heatmap's colours of the first kind of flaw, and of the others. */
export function rampOf(flaw: number): readonly Rgb[] {
  return flaw === 0 ? WARM : COOL;
}
