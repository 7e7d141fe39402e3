import type { ReactNode } from "react";

import styles from "./ImageGrid.module.css";

function columnsFor(count: number): number {
  if (count === 4) return 2;
  return Math.min(count, 3);
}

/** An item's images side by side, as large as they fit. */
export function ImageGrid({
  count,
  stacked,
  children,
}: {
  count: number;
  /** All in one place: what differs jumps to the eye. */
  stacked?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      className={`${styles.grid} ${stacked ? styles.stacked : ""}`}
      style={{ gridTemplateColumns: `repeat(${columnsFor(count)}, minmax(0, 1fr))` }}
    >
      {children}
    </div>
  );
}
