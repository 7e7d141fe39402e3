import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Width.module.css";

/** How far people differ, from 0 to 1: a number with a bar. */
export function Width({ value }: { value: number | null }) {
  const format = useFormat();
  if (value === null) return <span className={styles.absent}>–</span>;
  return (
    <span className={styles.width}>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${100 * value}%` }} />
      </span>
      {format.fixed(value, 2)}
    </span>
  );
}
