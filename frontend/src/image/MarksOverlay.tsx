import { type ImagePoint, imagePoint, markRadiusOnScreen, toScreen, type View } from "./geometry";
import styles from "./MarksOverlay.module.css";

/** Kinds of flaws look different in colour and in shape. */
export type MarkLook = "first" | "second";

export interface DrawnMark {
  readonly key: string;
  readonly at: { readonly x: number; readonly y: number };
  readonly look: MarkLook;
  readonly selected?: boolean;
  /** Of a kind of flaw that is not in focus. */
  readonly dim?: boolean;
}

interface Props {
  view: View;
  marks: readonly DrawnMark[];
  crosshair?: ImagePoint | null;
  crosshairLook?: MarkLook;
}

const DOT_PX = 6;

/** Marks over an image: constant dots, and rings as large as what they stand for. */
export function MarksOverlay({ view, marks, crosshair, crosshairLook = "first" }: Props) {
  const radius = markRadiusOnScreen(view);
  return (
    <svg className={styles.overlay} aria-hidden="true">
      {marks.map((mark) => {
        const { x, y } = toScreen(view, imagePoint(mark.at.x, mark.at.y));
        const classes = [
          styles.mark,
          styles[mark.look],
          mark.selected && styles.selected,
          mark.dim && styles.dim,
        ];
        return (
          <g key={mark.key} className={classes.filter(Boolean).join(" ")}>
            <circle className={styles.ring} cx={x} cy={y} r={radius} />
            {mark.look === "first" ? (
              <circle className={styles.dot} cx={x} cy={y} r={DOT_PX} />
            ) : (
              <rect
                className={styles.dot}
                x={x - DOT_PX}
                y={y - DOT_PX}
                width={2 * DOT_PX}
                height={2 * DOT_PX}
                transform={`rotate(45 ${x} ${y})`}
              />
            )}
          </g>
        );
      })}
      {crosshair && <Crosshair view={view} at={crosshair} look={crosshairLook} radius={radius} />}
    </svg>
  );
}

function Crosshair({
  view,
  at,
  look,
  radius,
}: {
  view: View;
  at: ImagePoint;
  look: MarkLook;
  radius: number;
}) {
  const { x, y } = toScreen(view, at);
  const reach = Math.max(radius, 14) + 10;
  return (
    <g className={`${styles.crosshair} ${styles[look]}`}>
      <circle className={styles.ring} cx={x} cy={y} r={radius} />
      <path d={`M${x - reach} ${y}H${x - 4}M${x + 4} ${y}H${x + reach}`} />
      <path d={`M${x} ${y - reach}V${y - 4}M${x} ${y + 4}V${y + reach}`} />
    </g>
  );
}
