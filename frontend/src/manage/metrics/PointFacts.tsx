import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./PointFacts.module.css";

/** A point's two numbers, each by its name. */
export function PointFacts({
  point,
  words,
}: {
  point: Schemas["MetricPoint"];
  words: { x: string; y: string };
}) {
  const format = useFormat();
  return (
    <dl className={styles.pointFacts}>
      <dt>{words.x}</dt>
      <dd>{format.measuredOrInfinite(point.x, point.infinite)}</dd>
      <dt>{words.y}</dt>
      <dd>{format.measured(point.y)}</dd>
    </dl>
  );
}
