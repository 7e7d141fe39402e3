import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Stack.module.css";

export interface Part {
  label: string;
  count: number;
  colour: string;
}

/** Parts of a whole as one bar, with their numbers in the legend. */
export function Stack({ parts }: { parts: readonly Part[] }) {
  const format = useFormat();
  const whole = parts.reduce((sum, part) => sum + part.count, 0);
  return (
    <>
      <div className={styles.stack} aria-hidden="true">
        {parts
          .filter((part) => part.count > 0)
          .map((part) => (
            <div
              key={part.label}
              style={{ width: `${(100 * part.count) / whole}%`, background: part.colour }}
            />
          ))}
      </div>
      <ul className={styles.legend}>
        {parts.map((part) => (
          <li key={part.label}>
            <span className={styles.swatch} style={{ background: part.colour }} aria-hidden="true" />
            <b>{format.integer(part.count)}</b> {part.label}
          </li>
        ))}
      </ul>
    </>
  );
}
