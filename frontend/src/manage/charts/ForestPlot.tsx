import type { Ref } from "react";

import { axisOf } from "./axis";
import styles from "./ForestPlot.module.css";
import { share } from "./scale";

export interface ForestRow {
  name: string;
  value: number | null;
  interval: readonly [number, number] | null;
}

interface Props {
  rows: readonly ForestRow[];
  label: string;
  /** How a number is written, on the axis and beside its row. */
  write: (value: number) => string;
  /** Where chance or equality lies; drawn as a dashed line. */
  reference?: number | undefined;
  /** What no value lies beyond; nor does the axis reach beyond it. */
  scale?: readonly [number, number] | null;
  ref?: Ref<SVGSVGElement>;
}

const WIDTH = 720;
const NUMBERS = 178;
const ROW = 26;
const TOP = 6;
const BOTTOM = 40;

/** A row a name: its value and interval on one axis, with the numbers. Drawn for the eye; the same
 * stands in a table. */
export function ForestPlot({ rows, label, write, reference, scale = null, ref }: Props) {
  const values = rows.flatMap(({ value, interval }) =>
    value === null ? [] : [value, ...(interval ?? [])],
  );
  const axis = axisOf(reference === undefined ? values : [...values, reference], 5, scale);
  const names = widthOf(rows.map(({ name }) => name));
  const [left, right] = [names + 10, WIDTH - NUMBERS - 14];
  const x = (value: number) => left + share(value, axis.from, axis.to) * (right - left);
  const bottom = TOP + rows.length * ROW;
  return (
    <svg
      ref={ref}
      viewBox={`0 0 ${WIDTH} ${bottom + BOTTOM}`}
      className={styles.plot}
      aria-hidden="true"
    >
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={x(tick)} x2={x(tick)} y1={TOP} y2={bottom} />
          <text className={styles.axis} x={x(tick)} y={bottom + 15} textAnchor="middle">
            {write(tick)}
          </text>
        </g>
      ))}
      {reference !== undefined && (
        <line
          className={styles.reference}
          x1={x(reference)}
          x2={x(reference)}
          y1={TOP}
          y2={bottom}
        />
      )}
      <text className={styles.label} x={(left + right) / 2} y={bottom + 33} textAnchor="middle">
        {label}
      </text>
      {rows.map((row, place) => (
        <Row
          // Two people may share a name.
          key={`${place} ${row.name}`}
          row={row}
          names={names}
          y={TOP + (place + 0.5) * ROW}
          x={x}
          write={write}
        />
      ))}
    </svg>
  );
}

interface RowProps {
  row: ForestRow;
  names: number;
  y: number;
  x: (value: number) => number;
  write: (value: number) => string;
}

function Row({ row: { name, value, interval }, names, y, x, write }: RowProps) {
  return (
    <g>
      <text className={styles.name} x={names} y={y + 4} textAnchor="end">
        {shortened(name)}
      </text>
      {interval && (
        <line className={styles.range} x1={x(interval[0])} x2={x(interval[1])} y1={y} y2={y} />
      )}
      {value !== null && (
        <>
          <circle className={styles.dot} cx={x(value)} cy={y} r={4.5} />
          <text className={styles.number} x={WIDTH - NUMBERS} y={y + 4}>
            {write(value)}
            {interval && (
              <tspan className={styles.between}>
                {` (${write(interval[0])} … ${write(interval[1])})`}
              </tspan>
            )}
          </text>
        </>
      )}
    </g>
  );
}

/** About how wide the longest of them is drawn; wide characters take twice the room. */
export function widthOf(names: readonly string[]): number {
  const widths = names.map((name) =>
    Array.from(shortened(name), (sign) => (sign > "\u2E80" ? 13.5 : 7.2)).reduce(
      (sum, width) => sum + width,
      0,
    ),
  );
  return Math.min(200, 8 + Math.max(0, ...widths));
}

/** What there is room for beside a plot. */
export function shortened(name: string, most = 24): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
