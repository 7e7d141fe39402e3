/** How a generator's points look: a colour and a shape, so that neither alone has to tell. Pure. */

/** Told apart by colour-blind people (after Okabe and Ito), dark enough on white and on grey. */
const COLOURS = [
  "#0072b2", "#d55e00", "#00805f", "#a8478a", "#8a6d00", "#3b8fc2", "#4d4d4d", "#b0413e",
] as const; // prettier-ignore

/** SVG paths around the origin, of about equal area. */
const SHAPES = [
  "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
  "M-3.5,-3.5h7v7h-7z",
  "M0,-4.8L4.6,3.4h-9.2z",
  "M0,-5L5,0L0,5L-5,0z",
  "M0,4.8L4.6,-3.4h-9.2z",
  "M-1.5,-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
] as const; // prettier-ignore

export interface MarkStyle {
  colour: string;
  path: string;
}

/** The style of each generator by its place among all names in order; it stays when some are hidden. */
export function marksOf(generators: readonly string[]): Map<string, MarkStyle> {
  const names = [...new Set(generators)].sort((one, other) => one.localeCompare(other));
  return new Map(
    names.map((name, place) => [
      name,
      {
        colour: COLOURS[place % COLOURS.length] ?? COLOURS[0],
        path: SHAPES[place % SHAPES.length] ?? SHAPES[0],
      },
    ]),
  );
}
