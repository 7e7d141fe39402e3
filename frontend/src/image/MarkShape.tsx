/** What the marks of a kind of flaw look like: a colour of their own, and a shape of their own. */
export const MARK_LOOKS = ["first", "second", "third", "fourth", "fifth", "sixth"] as const;
export type MarkLook = (typeof MARK_LOOKS)[number];

/** Half of a mark's dot, in CSS pixels. */
export const DOT_PX = 6;

type Corners = readonly (readonly [number, number])[];

/** Corners of the shapes around (0, 0), for a dot of half-width 1; the first is a disk. */
const CORNERS: Readonly<Record<Exclude<MarkLook, "first">, Corners>> = {
  second: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  third: [[0, -1.25], [1.2, 0.95], [-1.2, 0.95]],
  fourth: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  fifth: [
    [-0.45, -1.3], [0.45, -1.3], [0.45, -0.45], [1.3, -0.45], [1.3, 0.45], [0.45, 0.45],
    [0.45, 1.3], [-0.45, 1.3], [-0.45, 0.45], [-1.3, 0.45], [-1.3, -0.45], [-0.45, -0.45],
  ],
  sixth: [[0, 1.25], [1.2, -0.95], [-1.2, -0.95]],
};

interface Props {
  look: MarkLook;
  x: number;
  y: number;
  className?: string | undefined;
}

/** The dot of a mark, at a place in an SVG. */
export function MarkShape({ look, x, y, className }: Props) {
  if (look === "first") return <circle className={className} cx={x} cy={y} r={DOT_PX} />;
  const points = CORNERS[look].map(([dx, dy]) => `${x + dx * DOT_PX},${y + dy * DOT_PX}`).join(" ");
  return <polygon className={className} points={points} />;
}
