import { useId } from "react";

import { imagePoint, toScreen, type View } from "@/image/geometry";
import { MARK_LOOKS } from "@/image/MarkShape";

import type { Question } from "./kind";
import { middleOf, type Point, type Region, type Stroke } from "./regions";
import styles from "./RegionShape.module.css";

interface Props {
  region: Region;
  view: View;
  colour: string;
  selected?: boolean;
  /** Pointed at in a list. */
  raised?: boolean;
  /** Of a question that is not in focus. */
  dim?: boolean;
  /** Of the words that are tied to it. */
  number?: number | undefined;
}

/** The colour of a flaw's regions; of one that is still to be said: white. */
export function colourOfFlaw({ options }: Question, flaw: string): string {
  const place = options.findIndex(({ id }) => id === flaw);
  const look = MARK_LOOKS[place % MARK_LOOKS.length];
  return look ? `var(--mark-${look})` : "var(--mark-light)";
}

/** A region over an image: a translucent ground and its edge. */
export function RegionShape({ region, view, colour, selected = false, raised = false, dim = false, number }: Props) {
  const middle = toScreen(view, middleOf(region));
  const classes = [
    styles.region,
    selected && styles.selected,
    (selected || raised) && styles.raised,
    dim && styles.dim,
  ];
  return (
    <g className={classes.filter(Boolean).join(" ")} style={{ color: colour }} data-region={region.flaw}>
      {"box" in region ? (
        <Box box={region.box} view={view} />
      ) : (
        <Strokes strokes={region.strokes} view={view} bright={selected || raised} white={selected} />
      )}
      {number !== undefined && (
        <text className={styles.number} x={middle.x} y={middle.y}>
          {number}
        </text>
      )}
    </g>
  );
}

function Box({ box: [x, y, width, height], view }: { box: readonly [number, number, number, number]; view: View }) {
  const from = toScreen(view, imagePoint(x, y));
  const to = toScreen(view, imagePoint(x + width, y + height));
  return (
    <rect className={styles.box} x={from.x} y={from.y} width={to.x - from.x} height={to.y - from.y} />
  );
}

/** All strokes as one shape, whose edge is what it is wider by than itself. */
function Strokes({ strokes, view, bright, white }: { strokes: readonly Stroke[]; view: View; bright: boolean; white: boolean }) {
  const id = useId();
  const { width, height } = view.frame.stage;
  const whole = { x: 0, y: 0, width, height };
  return (
    <>
      <defs>
        <filter id={`${id}-edge`} filterUnits="userSpaceOnUse" colorInterpolationFilters="sRGB" {...whole}>
          <feMorphology in="SourceAlpha" operator="dilate" radius="1.5" result="wide" />
          <feComposite in="wide" in2="SourceAlpha" operator="out" result="edge" />
          <feFlood style={{ floodColor: white ? "var(--mark-light)" : "currentColor" }} />
          <feComposite in2="edge" operator="in" result="line" />
          <feComponentTransfer in="SourceGraphic" result="ground">
            <feFuncA type="linear" slope={bright ? 0.45 : 0.28} />
          </feComponentTransfer>
          <feMerge>
            <feMergeNode in="ground" />
            <feMergeNode in="line" />
          </feMerge>
        </filter>
        <mask id={`${id}-left`} maskUnits="userSpaceOnUse" {...whole}>
          {strokes.map((stroke, index) => (
            <Line
              key={index}
              stroke={stroke}
              view={view}
              colour={stroke.tool === "erase" ? "black" : "white"}
            />
          ))}
        </mask>
      </defs>
      <g filter={`url(#${id}-edge)`}>
        <rect {...whole} fill="currentColor" mask={`url(#${id}-left)`} />
      </g>
    </>
  );
}

export function screenPath(points: readonly Point[], view: View): string {
  return points
    .map(([x, y]) => toScreen(view, imagePoint(x, y)))
    .map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`)
    .join("");
}

/** Half of a brush's line on the screen. */
export function radiusOnScreen(radius: number, { frame, scale }: View): number {
  return radius * frame.image.height * scale;
}

/** One stroke, filled with a colour. */
export function Line({ stroke, view, colour }: { stroke: Stroke; view: View; colour: string }) {
  const path = screenPath(stroke.points, view);
  if (stroke.tool === "lasso") return <path d={`${path}Z`} fill={colour} fillRule="evenodd" />;
  return (
    <path
      className={styles.line}
      // One point is a line of no length, whose round ends make a disk.
      d={stroke.points.length === 1 ? `${path}h0.01` : path}
      style={{ color: colour }}
      strokeWidth={2 * radiusOnScreen(stroke.radius, view)}
    />
  );
}
