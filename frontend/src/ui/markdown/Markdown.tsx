import { lazy, Suspense } from "react";

import styles from "./Markdown.module.css";

const Rendered = lazy(() => import("./Rendered"));

/** A text in Markdown; as it was written until what renders it is here. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <Suspense fallback={<div className={styles.plain}>{text}</div>}>
        <Rendered text={text} />
      </Suspense>
    </div>
  );
}
