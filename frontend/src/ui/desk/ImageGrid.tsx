import type { ReactNode } from "react";

import styles from "./ImageGrid.module.css";

function columnsFor(count: number): number {
  if (count === 4) return 2;
  return Math.min(count, 3);
}

/**
 * Where an image lies in its cell, as the share of the free width on its left: images of one row
 * are drawn together, because eyes that compare travel between them.
 */
export function alignIn(count: number, place: number): number {
  const columns = columnsFor(count);
  return columns === 1 ? 0.5 : 1 - (place % columns) / (columns - 1);
}

/** An item's images side by side, as large as they fit. */
export function ImageGrid({
  count,
  stacked,
  surround,
  children,
}: {
  count: number;
  /** All in one place: what differs jumps to the eye. */
  stacked?: boolean;
  /** What the images lie on. */
  surround?: "dark" | "grey" | "light";
  children: ReactNode;
}) {
  return (
    <div
      className={`${styles.grid} ${stacked ? styles.stacked : ""}`}
      data-surround={surround}
      style={{ gridTemplateColumns: `repeat(${columnsFor(count)}, minmax(0, 1fr))` }}
    >
      {children}
    </div>
  );
}
