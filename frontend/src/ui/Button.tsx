import type { ButtonHTMLAttributes } from "react";

import styles from "./Button.module.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "primary";
}

/** The classes of a button, for links that look like one. */
export function buttonClass(look: "plain" | "primary" = "plain"): string {
  return look === "primary" ? `${styles.button} ${styles.primary}` : (styles.button ?? "");
}

export function Button({ look = "plain", type = "button", className, ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonClass(look)} ${className ?? ""}`} {...rest} />;
}
