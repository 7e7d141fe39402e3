/** Sample images of a preview: one prompt as nine generators might draw it, some of them wrongly. */

import type { Images } from "@/annotate/queue/imageCache";
import type { Assignment } from "@/annotate/server";
import type { Letter } from "@/questions/kind";

const SIDE = 512;
const LETTERS: readonly Letter[] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

interface Scene {
  readonly wall: string;
  readonly table: string;
  readonly cube: string;
  readonly balls: readonly string[];
  /** Share of the width at which the cube stands. */
  readonly at: number;
}

const BLUE = "#3d6fc4";
const RED = "#c8453b";

const SCENES: readonly Scene[] = [
  { wall: "#d9d2c5", table: "#8a5a35", cube: RED, balls: [BLUE, BLUE], at: 0.12 },
  { wall: "#b9c7cf", table: "#6f4a2e", cube: RED, balls: [BLUE], at: 0.18 },
  { wall: "#e2d8bd", table: "#a06c3e", cube: RED, balls: [BLUE, BLUE], at: 0.62 },
  { wall: "#c7c2d4", table: "#7a5236", cube: BLUE, balls: [BLUE, BLUE], at: 0.14 },
  { wall: "#cfdcc8", table: "#8f6038", cube: RED, balls: [BLUE, BLUE, BLUE], at: 0.06 },
  { wall: "#e6d0c4", table: "#5d3f29", cube: RED, balls: [RED, BLUE], at: 0.12 },
  { wall: "#c3cad6", table: "#94663d", cube: "#d58a2c", balls: [BLUE, BLUE], at: 0.16 },
  { wall: "#d5d5d5", table: "#777777", cube: RED, balls: [BLUE, BLUE], at: 0.2 },
  { wall: "#b8b09d", table: "#7d5533", cube: RED, balls: [], at: 0.36 },
];

/** Of the scenes the one that the others are edits of. */
const SOURCE = 8;

/**
 * An item that nobody answers: so many sample images, the first of them on the left. Of `rows`, its
 * checklist, the second depends on the first. An edit has the image that was edited beside.
 */
export function sampleItem(
  id: string,
  prompt: string,
  rows: readonly string[],
  count: number,
  language: string,
  edited = false,
): Assignment {
  const letters = LETTERS.slice(0, count);
  const words = new Intl.Segmenter(language, { granularity: "word" }).segment(prompt);
  return {
    id,
    lease_expires_at: null,
    item: {
      id,
      prompt,
      tokens: [...words].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment),
      checklist: rows.map((text, place) => ({
        id: `${place}`,
        text,
        kind: "",
        depends_on: place === 1 ? ["0"] : [],
      })),
      beside: edited ? [{ ...sampleImage(SOURCE), id: "source", role: "source" }] : [],
      images: letters.map((letter, place) => ({ ...sampleImage(place), id: letter, letter })),
    },
    shown: { order: letters },
    asked: 1,
  };
}

export function sampleImages({ item }: Assignment): Images {
  const named = [
    ...item.images.map((image) => [image.letter, image] as const),
    ...item.beside.map((image) => [image.id, image] as const),
  ];
  return Object.fromEntries(
    named.map(([name, { url, width, height }]) => [name, { url, exactUrl: url, width, height }]),
  );
}

function sampleImage(place: number) {
  const url = sampleUrl(place);
  return { url, thumbnail_url: url, width: SIDE, height: SIDE, sizes: [] };
}

function sampleUrl(place: number): string {
  const scene = SCENES[place % SCENES.length];
  return scene ? `data:image/svg+xml,${encodeURIComponent(drawn(scene))}` : "";
}

function drawn({ wall, table, cube, balls, at }: Scene): string {
  const x = at * SIDE;
  const free = at > 0.4 ? 20 : x + 150;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 512 512">
<defs>
<linearGradient id="w" x2="0" y2="1"><stop stop-color="#fff" stop-opacity=".35"/><stop offset="1" stop-opacity=".18"/></linearGradient>
<radialGradient id="b" cx=".35" cy=".3" r=".8"><stop stop-color="#fff" stop-opacity=".75"/><stop offset=".35" stop-color="#fff" stop-opacity=".1"/><stop offset="1" stop-opacity=".45"/></radialGradient>
</defs>
<rect width="512" height="512" fill="${wall}"/><rect width="512" height="330" fill="url(#w)"/>
<path d="M0 330h512v182H0z" fill="${table}"/><path d="M0 372h512M0 430h512M0 478h512" stroke="#000" stroke-opacity=".13" stroke-width="3"/>
<ellipse cx="${x + 66}" cy="412" rx="86" ry="14" fill-opacity=".28"/>
<path d="M${x} 300h110v108H${x}z" fill="${cube}"/><path d="M${x} 300l28-30h110l-28 30z" fill="${cube}"/><path d="M${x} 300l28-30h110l-28 30z" fill="#fff" fill-opacity=".3"/>
<path d="M${x + 110} 300l28-30v106l-28 32z" fill="${cube}"/><path d="M${x + 110} 300l28-30v106l-28 32z" fill-opacity=".3"/>
${balls.map((colour, index) => ball(free + 62 + index * 112, colour)).join("")}</svg>`;
}

function ball(x: number, colour: string): string {
  return `<ellipse cx="${x}" cy="412" rx="54" ry="11" fill-opacity=".28"/><circle cx="${x}" cy="362" r="50" fill="${colour}"/><circle cx="${x}" cy="362" r="50" fill="url(#b)"/>`;
}
