import styles from "./Interval.module.css";
import { share } from "./scale";

const HEIGHT = 18;
const PAD = 5;

interface Props {
  value: number;
  interval: readonly [number, number] | null;
  /** The ends of the scale, the same in every row of a table. */
  from: number;
  to: number;
  /** Where chance or equality lies; drawn as a dashed line. */
  reference: number;
  /** In pixels. */
  width?: number;
}

/** A value with its interval on a scale; the numbers stand beside it, so it is only drawn. */
export function Interval({ value, interval, from, to, reference, width = 140 }: Props) {
  const x = (number: number) => PAD + share(number, from, to) * (width - 2 * PAD);
  const middle = HEIGHT / 2;
  return (
    <svg width={width} height={HEIGHT} className={styles.interval} aria-hidden="true">
      <line className={styles.intervalTrack} x1={PAD} x2={width - PAD} y1={middle} y2={middle} />
      <line
        className={styles.intervalReference}
        x1={x(reference)}
        x2={x(reference)}
        y1={1}
        y2={HEIGHT - 1}
      />
      {interval && (
        <line
          className={styles.intervalRange}
          x1={x(interval[0])}
          x2={x(interval[1])}
          y1={middle}
          y2={middle}
        />
      )}
      <circle className={styles.intervalDot} cx={x(value)} cy={middle} r={4} />
    </svg>
  );
}
