import type { ReactNode } from "react";

import { Markdown } from "@/ui/markdown/Markdown";
import { splitFor } from "@/ui/markdown/sections";

import styles from "./Guideline.module.css";

/** What the manager wrote about how to judge, beside the images. */
export function Guideline({
  title,
  text,
  none,
  about,
  children,
}: {
  title: string;
  text: string;
  none: string;
  /** The names of the question in focus: what the guideline says of it comes first. */
  about?: readonly string[];
  /** What stands above it. */
  children?: ReactNode;
}) {
  const { section, rest } = splitFor(text, about ?? []);
  return (
    <aside className={styles.guideline} aria-label={title} tabIndex={0}>
      {children}
      {section !== "" && (
        <div className={styles.about}>
          <Markdown text={section} />
        </div>
      )}
      {text.trim() === "" && <p className={styles.none}>{none}</p>}
      {rest !== "" && (
        <>
          <h2>{title}</h2>
          <Markdown text={rest} />
        </>
      )}
    </aside>
  );
}
