import type { ReactNode } from "react";

import styles from "./Guideline.module.css";

/** What the manager wrote about how to judge, beside the images. */
export function Guideline({
  title,
  text,
  none,
  children,
}: {
  title: string;
  text: string;
  none: string;
  /** What stands above it. */
  children?: ReactNode;
}) {
  const paragraphs = text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== "");
  return (
    <aside className={styles.guideline} aria-label={title} tabIndex={0}>
      {children}
      <h2>{title}</h2>
      {paragraphs.length === 0 && <p className={styles.none}>{none}</p>}
      {paragraphs.map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
    </aside>
  );
}
