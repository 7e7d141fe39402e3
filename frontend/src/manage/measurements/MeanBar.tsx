import { share } from "@/manage/charts/scale";

import styles from "./MeanBar.module.css";

const WIDTH = 120;
const HEIGHT = 12;
const PAD = 5;

interface Props {
  mean: number;
  interval: readonly [number, number] | null;
  /** The ends of the scale: those of all generators' intervals. */
  reach: readonly [number, number];
  best: boolean;
}

/** A mean with its interval among those of the other generators; the numbers stand beside it. */
export function MeanBar({ mean, interval, reach: [from, to], best }: Props) {
  const x = (value: number) => PAD + share(value, from, to) * (WIDTH - 2 * PAD);
  const middle = HEIGHT / 2;
  return (
    <svg width={WIDTH} height={HEIGHT} className={styles.bar} data-best={best} aria-hidden="true">
      <line className={styles.track} x1={PAD} x2={WIDTH - PAD} y1={middle} y2={middle} />
      {interval && (
        <line
          className={styles.range}
          x1={x(interval[0])}
          x2={x(interval[1])}
          y1={middle}
          y2={middle}
        />
      )}
      <circle className={styles.dot} cx={x(mean)} cy={middle} r={3.5} />
    </svg>
  );
}
