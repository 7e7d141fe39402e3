import type { ReactNode } from "react";

import styles from "./Cell.module.css";

/** An image in a table, by its letter. */
export function LetterBadge({ children }: { children: ReactNode }) {
  return <span className={styles.letter}>{children}</span>;
}

/** An answer that says "none" or "neither". */
export function Faint({ children }: { children: ReactNode }) {
  return <span className={styles.faint}>{children}</span>;
}
