import type { ButtonHTMLAttributes, ReactNode } from "react";

import styles from "./Button.module.css";
import { KeyCap } from "./KeyCap";

export type Look = "plain" | "quiet" | "go" | "good" | "bad";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "value"> {
  /** The command whose key cap it shows. */
  command?: string;
  value?: number;
  chosen?: boolean;
  look?: Look;
  /** Which side the key cap is on. */
  cap?: "before" | "after";
  children: ReactNode;
}

/** The classes of a button, for links that look like one. */
export function buttonClass(look: Look = "plain"): string {
  return `${styles.button} ${styles[look] ?? ""}`;
}

/** A button of the desk: a key cap and what it does. A click leaves the focus where it was. */
export function Button({
  command,
  value,
  chosen,
  look = "plain",
  cap = "before",
  type = "button",
  children,
  className,
  ...rest
}: Props) {
  const key = command !== undefined && <KeyCap command={command} value={value} />;
  const classes = [buttonClass(look), chosen && styles.chosen, className];
  return (
    <button
      type={type}
      className={classes.filter(Boolean).join(" ")}
      aria-pressed={chosen}
      onPointerDown={keepFocus}
      onMouseDown={keepFocus}
      {...rest}
    >
      {cap === "before" && key}
      <span className={styles.text}>{children}</span>
      {cap === "after" && key}
    </button>
  );
}

/** For presses that must not take the focus from where it is. */
export function keepFocus(event: { preventDefault: () => void }): void {
  event.preventDefault();
}
