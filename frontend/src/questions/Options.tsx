import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Options.module.css";

/** Buttons in rows, as many as fit side by side. */
export function Options({ small, children }: { small?: boolean; children: ReactNode }) {
  return <div className={`${styles.options} ${small ? styles.small : ""}`}>{children}</div>;
}

/** Of several images, which one the buttons beside it are about. */
export function OfImage({ place, children }: { place: number; children: ReactNode }) {
  const { t } = useTranslation("questions");
  return (
    <div className={styles.ofImage}>
      <span className={styles.place}>{t("kinds.image", { place: place + 1 })}</span>
      {children}
    </div>
  );
}

export function Hint({ children }: { children: ReactNode }) {
  return <p className={styles.hint}>{children}</p>;
}
