import type { View } from "@/image/geometry";
import type { Letter, Question } from "@/questions/kind";

import type { NamedAnswers } from "./answers";
import { Heatmap } from "./Heatmap";
import type { LayerView } from "./layers";
import styles from "./MarkLayers.module.css";
import { rampOf, SPREAD } from "./palette";
import { Points } from "./Points";

export interface MarkLayersProps {
  view: View;
  letter: Letter;
  /** The questions whose answers are marks, in order. */
  flaws: readonly Question[];
  annotations: readonly NamedAnswers[];
  chosen: number;
  layers: LayerView;
}

/** The heatmaps below, the annotators' marks above; the chosen annotator's on top. */
export function MarkLayers(props: MarkLayersProps) {
  const { flaws, layers } = props;
  const shown = flaws
    .map((question, flaw) => ({ question, flaw }))
    .filter(({ flaw }) => layers.flaw === null || layers.flaw === flaw);
  return (
    <>
      {layers.heatmap &&
        shown.map(({ question, flaw }) => (
          <Heatmap key={question.id} {...props} question={question} ramp={rampOf(flaw)} />
        ))}
      {layers.spread &&
        shown.map(({ question }) => (
          <Heatmap key={question.id} {...props} question={question} ramp={SPREAD} spread />
        ))}
      {layers.marks && (
        <svg className={styles.overlay} aria-hidden="true">
          {shown.map(({ question, flaw }) => (
            <Points key={question.id} {...props} question={question} flaw={flaw} />
          ))}
        </svg>
      )}
    </>
  );
}
