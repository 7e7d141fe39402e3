import type { ReactNode } from "react";

import styles from "./Empty.module.css";

/** Nothing to work on: why, what happens next, and what one can do. */
export function Empty({
  title,
  role = "status",
  actions,
  children,
}: {
  title?: string;
  role?: "status" | "alert";
  actions: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.empty} role={role}>
      {title !== undefined && <h1>{title}</h1>}
      {children}
      <div className={styles.actions}>{actions}</div>
    </section>
  );
}

/** Shown while something is fetched; quick answers never flash it. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <p className={styles.waiting} role="status">
      {children}
    </p>
  );
}
