import { Text } from "@mantine/core";
import type { Ref } from "react";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Plot.module.css";

export interface SharePoint {
  /** What stands below it. */
  label: string;
  /** All of it, for who can't see the plot. */
  text: string;
  share: number;
  interval: readonly [number, number] | null;
  /** Where it should lie; drawn as a short line across. */
  expected?: number;
}

interface Props {
  title: string;
  axis: string;
  points: readonly SharePoint[];
  reference: number | null;
  /** The ends of the axis upwards. */
  scale?: readonly [number, number];
  write?: (value: number) => string;
  ref?: Ref<SVGSVGElement>;
}

const WIDTH = 520;
const HEIGHT = 190;
const LEFT = 40;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 36;
const LABELS = 8;

/** Shares, or other figures, side by side with their intervals; the numbers follow as a list. */
export function SharePlot({ title, axis, points, reference, scale = [0, 1], write, ref }: Props) {
  const format = useFormat();
  const [low, high] = scale;
  const told = write ?? ((value: number) => format.percent(value));
  const pitch = (WIDTH - LEFT - RIGHT) / Math.max(points.length, 6);
  const x = (place: number) => LEFT + (place + 0.5) * pitch;
  const y = (share: number) => TOP + ((high - share) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const every = Math.ceil(points.length / LABELS);
  return (
    <figure aria-label={title} style={{ margin: 0 }}>
      <svg
        ref={ref}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={styles.plot}
        aria-hidden="true"
      >
        {[0, 0.25, 0.5, 0.75, 1].map((part) => low + part * (high - low)).map((tick) => (
          <g key={tick}>
            <line className={styles.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text className={styles.axis} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {told(tick)}
            </text>
          </g>
        ))}
        {reference !== null && (
          <line
            className={styles.reference}
            x1={LEFT}
            x2={WIDTH - RIGHT}
            y1={y(reference)}
            y2={y(reference)}
          />
        )}
        {points.map((point, place) => (
          <g key={point.label}>
            <title>{point.text}</title>
            {point.interval && (
              <line
                className={styles.range}
                x1={x(place)}
                x2={x(place)}
                y1={y(point.interval[0])}
                y2={y(point.interval[1])}
              />
            )}
            {point.expected !== undefined && (
              <line
                className={styles.expected}
                x1={x(place) - 12}
                x2={x(place) + 12}
                y1={y(point.expected)}
                y2={y(point.expected)}
              />
            )}
            <circle className={styles.dot} cx={x(place)} cy={y(point.share)} r={4} />
            {place % every === 0 && (
              <text className={styles.axis} x={x(place)} y={HEIGHT - BOTTOM + 16} textAnchor="middle">
                {point.label}
              </text>
            )}
          </g>
        ))}
        <text
          className={styles.axis}
          x={(LEFT + WIDTH - RIGHT) / 2}
          y={HEIGHT - 3}
          textAnchor="middle"
        >
          {axis}
        </text>
      </svg>
      <ul className="visually-hidden">
        {points.map((point) => (
          <Text component="li" key={point.label}>
            {point.text}
          </Text>
        ))}
      </ul>
    </figure>
  );
}
