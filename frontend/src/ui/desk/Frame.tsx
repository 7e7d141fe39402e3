import type { ReactNode } from "react";

import styles from "./Frame.module.css";
import theme from "./theme.module.css";

/** A desk's page in its dark theme: a bar on top, the work below it, dialogs over both. */
export function Frame({
  bar,
  dialogs,
  children,
}: {
  bar: ReactNode;
  dialogs?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={`${theme.dark} ${styles.frame}`}>
      <header className={styles.bar}>{bar}</header>
      <main className={styles.middle}>{children}</main>
      {dialogs}
    </div>
  );
}

/** What stands in a bar, from left to right. */
export function BarTitle({ children }: { children: ReactNode }) {
  return <span className={styles.title}>{children}</span>;
}

export function BarText({ children, role }: { children: ReactNode; role?: "status" }) {
  return (
    <span className={styles.text} role={role}>
      {children}
    </span>
  );
}

export function BarSpace() {
  return <span className={styles.space} />;
}
