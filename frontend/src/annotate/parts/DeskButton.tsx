import type { ButtonHTMLAttributes, ReactNode } from "react";

import type { CommandName } from "@/annotate/commands";

import { KeyCap } from "./KeyCap";
import styles from "./parts.module.css";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "value"> {
  command?: CommandName;
  value?: number;
  chosen?: boolean;
  look?: "plain" | "quiet" | "go";
  /** Which side the key cap is on. */
  cap?: "before" | "after";
  children: ReactNode;
}

/** A button of the desk: a key cap and what it does. A click leaves the focus where it was. */
export function DeskButton({
  command,
  value,
  chosen,
  look = "plain",
  cap = "before",
  children,
  className,
  ...rest
}: Props) {
  const key = command && <KeyCap name={command} value={value} />;
  const classes = [styles.button, styles[look], chosen && styles.chosen, className];
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(" ")}
      aria-pressed={chosen}
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      {...rest}
    >
      {cap === "before" && key}
      <span className={styles.buttonText}>{children}</span>
      {cap === "after" && key}
    </button>
  );
}
