import { MARK_LOOKS, MarkShape } from "@/image/MarkShape";
import type { Question } from "@/questions/kind";

import { isOfRegions } from "./answers";
import styles from "./FlawSign.module.css";

/** What a question's answers look like over the image: the shape of its marks, or a frame. */
export function FlawSign({ question, flaw }: { question: Question; flaw: number }) {
  return (
    <svg className={styles.sign} viewBox="-9 -9 18 18" aria-hidden="true">
      {isOfRegions(question) ? (
        <rect className={styles.frame} x={-7} y={-6} width={14} height={12} />
      ) : (
        <MarkShape look={MARK_LOOKS[flaw % MARK_LOOKS.length] ?? MARK_LOOKS[0]} x={0} y={0} />
      )}
    </svg>
  );
}
