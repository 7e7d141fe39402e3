import { capOf, type CommandName } from "@/annotate/commands";
import { useDeskView } from "@/annotate/context";

import styles from "./parts.module.css";

/** The key of a command as it is printed on the keyboard; nothing where it has none now. */
export function KeyCap({ name, value }: { name: CommandName; value?: number | undefined }) {
  const { commands, layout } = useDeskView();
  const command = commands.find((one) => one.name === name && one.value === value);
  const key = command?.keys[0];
  if (!key) return null;
  return (
    <kbd className={styles.cap} aria-hidden="true">
      {capOf(key, layout)}
    </kbd>
  );
}
