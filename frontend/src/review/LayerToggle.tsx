import type { ReactNode } from "react";

import { keepFocus } from "@/ui/desk/Button";
import { KeyCap } from "@/ui/desk/KeyCap";

import type { CommandName } from "./commands";
import styles from "./LayerToggle.module.css";

interface Props {
  on: boolean;
  command?: CommandName;
  value?: number;
  title?: string;
  onClick: () => void;
  children: ReactNode;
}

/** Shows or hides one of the layers over the images. */
export function LayerToggle({ on, command, value, title, onClick, children }: Props) {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-pressed={on}
      title={title}
      onMouseDown={keepFocus}
      onClick={onClick}
    >
      {children}
      {command && <KeyCap command={command} value={value} />}
    </button>
  );
}
