import type { Ref } from "react";

import { shortened, widthOf } from "./ForestPlot";
import styles from "./OutcomeBars.module.css";

export interface OutcomeRow {
  name: string;
  wins: number;
  ties: number;
  losses: number;
  /** The rate, as it is written. */
  rate: string;
}

interface Props {
  rows: readonly OutcomeRow[];
  words: { wins: string; ties: string; losses: string };
  ref?: Ref<SVGSVGElement>;
}

const WIDTH = 720;
const RATES = 64;
const ROW = 26;
const BAR = 18;
const TOP = 28;

/** Won, tied and lost as one bar a row, half a tie on either side of the rate. The same stands in a
 * table. */
export function OutcomeBars({ rows, words, ref }: Props) {
  const names = widthOf(rows.map(({ name }) => name));
  const [left, right] = [names + 10, WIDTH - RATES - 10];
  const parts = ["wins", "ties", "losses"] as const;
  return (
    <svg
      ref={ref}
      viewBox={`0 0 ${WIDTH} ${TOP + rows.length * ROW + 4}`}
      className={styles.plot}
      aria-hidden="true"
    >
      {parts.map((part, place) => (
        <g key={part} transform={`translate(${left + place * 110},6)`}>
          <rect className={styles[part]} width={10} height={10} rx={2} />
          <text className={styles.legend} x={16} y={9.5}>
            {words[part]}
          </text>
        </g>
      ))}
      {rows.map((row, place) => {
        const y = TOP + place * ROW;
        const n = row.wins + row.ties + row.losses;
        const width = (right - left) / Math.max(n, 1);
        const starts = { wins: 0, ties: row.wins, losses: row.wins + row.ties };
        return (
          <g key={row.name}>
            <text className={styles.name} x={names} y={y + BAR / 2 + 4.5} textAnchor="end">
              {shortened(row.name)}
            </text>
            {parts.map((part) => (
              <g key={part}>
                <rect
                  className={styles[part]}
                  x={left + starts[part] * width}
                  y={y}
                  width={row[part] * width}
                  height={BAR}
                />
                {row[part] * width > 30 && (
                  <text
                    className={part === "ties" ? styles.onLight : styles.onDark}
                    x={left + (starts[part] + row[part] / 2) * width}
                    y={y + BAR / 2 + 4}
                    textAnchor="middle"
                  >
                    {row[part]}
                  </text>
                )}
              </g>
            ))}
            <text className={styles.rate} x={WIDTH - RATES} y={y + BAR / 2 + 4.5}>
              {row.rate}
            </text>
          </g>
        );
      })}
      <line
        className={styles.half}
        x1={(left + right) / 2}
        x2={(left + right) / 2}
        y1={TOP - 3}
        y2={TOP + rows.length * ROW}
      />
    </svg>
  );
}
