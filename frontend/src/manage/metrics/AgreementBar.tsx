import { share } from "@/manage/charts/scale";

import type { Scale } from "./matrix";
import styles from "./AgreementBar.module.css";
import type { Estimate } from "./queries";

const WIDTH = 120;
const HEIGHT = 16;
const PAD = 5;

interface Props {
  estimate: Estimate;
  scale: Scale;
  /** Where people's own agreement lies. */
  ceiling: number | null;
  /** The estimate is people's own. */
  people?: true;
}

/** A number with its interval between chance and the people's ceiling; numbers stand beside it. */
export function AgreementBar({ estimate, scale, ceiling, people }: Props) {
  const x = (value: number) => PAD + share(value, scale.from, scale.to) * (WIDTH - 2 * PAD);
  const middle = HEIGHT / 2;
  const { value, interval } = estimate;
  const [low = null, high = null] = interval ?? [];
  return (
    <svg width={WIDTH} height={HEIGHT} className={styles.bar} data-people={people} aria-hidden="true">
      <line className={styles.track} x1={PAD} x2={WIDTH - PAD} y1={middle} y2={middle} />
      <line className={styles.chance} x1={x(scale.chance)} x2={x(scale.chance)} y1={1} y2={HEIGHT - 1} />
      {ceiling !== null && (
        <line className={styles.ceiling} x1={x(ceiling)} x2={x(ceiling)} y1={0} y2={HEIGHT} />
      )}
      {low !== null && high !== null && (
        <line className={styles.range} x1={x(low)} x2={x(high)} y1={middle} y2={middle} />
      )}
      {value !== null &&
        (people ? (
          <line className={styles.ceiling} x1={x(value)} x2={x(value)} y1={0} y2={HEIGHT} />
        ) : (
          <circle className={styles.dot} cx={x(value)} cy={middle} r={4} />
        ))}
    </svg>
  );
}

/** A sample of what the bars are drawn of, for their legend. */
export function Sample({ of }: { of: "value" | "chance" | "ceiling" }) {
  if (of === "value") {
    return (
      <svg width={34} height={12} aria-hidden="true">
        <line className={styles.range} x1={4} x2={30} y1={6} y2={6} />
        <circle className={styles.dot} cx={17} cy={6} r={4} />
      </svg>
    );
  }
  return (
    <svg width={10} height={12} aria-hidden="true">
      <line className={styles[of]} x1={5} x2={5} y1={0} y2={12} />
    </svg>
  );
}
