import { axisOf } from "@/manage/charts/axis";
import styles from "@/manage/charts/Plot.module.css";
import { ends, share } from "@/manage/charts/scale";

import type { Estimate } from "./queries";

interface Props {
  title: string;
  steps: readonly number[];
  means: readonly Estimate[];
  write: (value: number) => string;
}

const WIDTH = 420;
const HEIGHT = 190;
const LEFT = 52;
const RIGHT = 16;
const TOP = 8;
const BOTTOM = 30;
const LABELS = 6;

/** Means over training steps with their intervals. Drawn for the eye; the same stands in a table. */
export function StepPlot({ title, steps, means, write }: Props) {
  const drawn = means.flatMap(({ value, interval }, place) =>
    value === null ? [] : [{ step: steps[place] ?? 0, value, interval: ends(interval) }],
  );
  const axis = axisOf(drawn.flatMap(({ value, interval }) => [value, ...(interval ?? [])]), 4);
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  const x = (step: number) => LEFT + share(step, first, last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - share(value, axis.from, axis.to)) * (HEIGHT - TOP - BOTTOM);
  const every = Math.ceil(steps.length / LABELS);
  return (
    <figure style={{ margin: 0 }}>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles.plot} aria-hidden="true">
        {axis.ticks.map((tick) => (
          <g key={tick}>
            <line className={styles.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className={styles.axis} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {write(tick)}
            </text>
          </g>
        ))}
        {steps.map(
          (step, place) =>
            place % every === 0 && (
              <text key={step} className={styles.axis} x={x(step)} y={HEIGHT - 10} textAnchor="middle">
                {step}
              </text>
            ),
        )}
        <polyline
          className={styles.expected}
          fill="none"
          points={drawn.map(({ step, value }) => `${x(step)},${y(value)}`).join(" ")}
        />
        {drawn.map(({ step, value, interval }) => (
          <g key={step}>
            {interval && (
              <line className={styles.range} x1={x(step)} x2={x(step)} y1={y(interval[0])} y2={y(interval[1])} />
            )}
            <circle className={styles.dot} cx={x(step)} cy={y(value)} r={4} />
          </g>
        ))}
      </svg>
    </figure>
  );
}
