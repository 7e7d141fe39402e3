import type { View } from "@/image/geometry";
import type { Letter, Question } from "@/questions/kind";

import { flawsOf, isOfRegions, type NamedAnswers } from "./answers";
import { Heatmap } from "./Heatmap";
import type { LayerView } from "./layers";
import styles from "./MarkLayers.module.css";
import { rampOf, SPREAD } from "./palette";
import { Points } from "./Points";
import { RegionLayers } from "./RegionLayers";

export interface MarkLayersProps {
  view: View;
  letter: Letter;
  /** All that is asked: marks, regions, and words that may be tied to them. */
  questions: readonly Question[];
  annotations: readonly NamedAnswers[];
  chosen: number;
  layers: LayerView;
}

/** The heatmaps below, the annotators' marks above; the chosen annotator's on top. */
export function MarkLayers(props: MarkLayersProps) {
  const { questions, layers } = props;
  const all = flawsOf(questions)
    .map((question, flaw) => ({ question, flaw }))
    .filter(({ flaw }) => layers.flaw === null || layers.flaw === flaw);
  const shown = all.filter(({ question }) => !isOfRegions(question));
  return (
    <>
      {all
        .filter(({ question }) => isOfRegions(question))
        .map(({ question }) => (
          <RegionLayers key={question.id} {...props} question={question} />
        ))}
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
