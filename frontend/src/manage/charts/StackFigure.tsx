import type { Ref } from "react";

import type { Part } from "./Stack";
import styles from "./StackFigure.module.css";

interface Props {
  parts: readonly Part[];
  write: (count: number) => string;
  ref?: Ref<SVGSVGElement>;
}

const WIDTH = 720;
const BAR = 18;
const COLUMN = 180;

/** A stack with its legend as one drawing: what is saved of it. */
export function StackFigure({ parts, write, ref }: Props) {
  const whole = Math.max(1, parts.reduce((sum, part) => sum + part.count, 0));
  const starts = parts.map((_, place) =>
    parts.slice(0, place).reduce((sum, part) => sum + part.count, 0),
  );
  return (
    <div className="visually-hidden" aria-hidden="true">
      <svg ref={ref} viewBox={`0 0 ${WIDTH} ${BAR + 28}`} width={WIDTH} height={BAR + 28}>
        {parts.map((part, place) => (
          <g key={part.label}>
            <rect
              x={((starts[place] ?? 0) / whole) * WIDTH}
              width={(part.count / whole) * WIDTH}
              height={BAR}
              fill={part.colour}
            />
            <rect x={place * COLUMN} y={BAR + 12} width={10} height={10} rx={3} fill={part.colour} />
            <text className={styles.legend} x={place * COLUMN + 16} y={BAR + 21.5}>
              {`${write(part.count)} ${part.label}`}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
