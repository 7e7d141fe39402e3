import type { ReactNode } from "react";

import { useCommandTable } from "./CommandTable";
import { capOf } from "./commands";
import styles from "./KeyCap.module.css";

/** A key as it is printed on the keyboard. */
export function Cap({ children }: { children: ReactNode }) {
  return (
    <kbd className={styles.cap} aria-hidden="true">
      {children}
    </kbd>
  );
}

/** The key of a command; nothing where it has none now. */
export function KeyCap({ command, value }: { command: string; value?: number | undefined }) {
  const { commands, layout } = useCommandTable();
  const key = commands.find((one) => one.name === command && one.value === value)?.keys[0];
  return key && <Cap>{capOf(key, layout)}</Cap>;
}
