import { useId } from "react";

import { type ImagePoint, imagePoint, markSigmaOnScreen, toScreen, type View } from "./geometry";
import { DOT_PX, MARK_LOOKS, type MarkLook, MarkShape } from "./MarkShape";
import styles from "./MarksOverlay.module.css";

export interface DrawnMark {
  readonly key: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly look: MarkLook;
  readonly selected?: boolean;
  /** Of a kind of flaw that is not in focus. */
  readonly dim?: boolean;
  /** Of the words that are tied to it. */
  readonly number?: number | undefined;
}

export interface Crosshair {
  readonly at: ImagePoint;
  readonly look: MarkLook;
  /** The same place on another image than the one it is on. */
  readonly ghost?: boolean;
}

interface Props {
  view: View;
  marks: readonly DrawnMark[];
  crosshair?: Crosshair | null;
}

/** The Gaussian is drawn as far as this many deviations: e^-4.5, about 1 %, is left there. */
const REACH_SIGMAS = 3;
const STOPS = Array.from({ length: 9 }, (_, index) => index / 8);

/** Marks over an image: constant dots, and the Gaussian that an export makes of each. */
export function MarksOverlay({ view, marks, crosshair }: Props) {
  const id = useId();
  const looks = MARK_LOOKS.filter(
    (look) => crosshair?.look === look || marks.some((mark) => mark.look === look),
  );
  return (
    <svg className={styles.overlay} aria-hidden="true">
      <defs>
        {looks.map((look) => (
          <GaussianFill key={look} id={`${id}-${look}`} look={look} />
        ))}
      </defs>
      {marks.map(({ key, at, look, selected, dim, number }) => {
        const { x, y } = toScreen(view, imagePoint(at.x, at.y));
        const classes = [styles.mark, styles[look], selected && styles.selected, dim && styles.dim];
        return (
          <g key={key} className={classes.filter(Boolean).join(" ")}>
            <Gaussian view={view} x={x} y={y} fill={`url(#${id}-${look})`} />
            <MarkShape className={styles.dot} look={look} x={x} y={y} />
            <text className={styles.number} x={x + DOT_PX + 2} y={y - DOT_PX}>
              {number}
            </text>
          </g>
        );
      })}
      {crosshair && (
        <Hair view={view} crosshair={crosshair} fill={`url(#${id}-${crosshair.look})`} />
      )}
    </svg>
  );
}

/** exp(-r² / 2σ²) as the opacity of a mark's colour. */
function GaussianFill({ id, look }: { id: string; look: MarkLook }) {
  return (
    <radialGradient id={id} className={styles[look]}>
      {STOPS.map((share) => (
        <stop
          key={share}
          offset={share}
          stopColor="var(--mark)"
          stopOpacity={Math.exp(-((share * REACH_SIGMAS) ** 2) / 2)}
        />
      ))}
    </radialGradient>
  );
}

interface PlacedProps {
  view: View;
  x: number;
  y: number;
  fill: string;
}

/** What the mark becomes, with a ring at one deviation. */
function Gaussian({ view, x, y, fill }: PlacedProps) {
  const sigma = markSigmaOnScreen(view);
  return (
    <>
      <ellipse
        className={styles.gaussian}
        cx={x}
        cy={y}
        rx={REACH_SIGMAS * sigma.x}
        ry={REACH_SIGMAS * sigma.y}
        fill={fill}
      />
      <ellipse className={styles.ring} cx={x} cy={y} rx={sigma.x} ry={sigma.y} />
    </>
  );
}

function Hair({ view, crosshair, fill }: { view: View; crosshair: Crosshair; fill: string }) {
  const { x, y } = toScreen(view, crosshair.at);
  const sigma = markSigmaOnScreen(view);
  const reach = Math.max(sigma.x, sigma.y, 14) + 10;
  const classes = [styles.crosshair, styles[crosshair.look], crosshair.ghost && styles.ghost];
  return (
    <g className={classes.filter(Boolean).join(" ")}>
      {!crosshair.ghost && <Gaussian view={view} x={x} y={y} fill={fill} />}
      <path d={`M${x - reach} ${y}H${x - 4}M${x + 4} ${y}H${x + reach}`} />
      <path d={`M${x} ${y - reach}V${y - 4}M${x} ${y + 4}V${y + reach}`} />
    </g>
  );
}
