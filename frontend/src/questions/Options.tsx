import type { ReactNode } from "react";

import styles from "./Options.module.css";
import { useImageName } from "./useImageName";

/** Buttons in rows, as many as fit side by side. */
export function Options({ small, children }: { small?: boolean; children: ReactNode }) {
  return <div className={`${styles.options} ${small ? styles.small : ""}`}>{children}</div>;
}

interface OfImageProps {
  place: number;
  /** How many images there are. */
  count: number;
  children: ReactNode;
}

/** Of several images, which one the buttons beside it are about. */
export function OfImage({ place, count, children }: OfImageProps) {
  const nameOf = useImageName(count);
  return (
    <div className={styles.ofImage}>
      <span className={styles.place}>{nameOf(place)}</span>
      {children}
    </div>
  );
}

export function Hint({ children }: { children: ReactNode }) {
  return <p className={styles.hint}>{children}</p>;
}
