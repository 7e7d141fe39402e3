import { useTranslation } from "@/i18n/useTranslation";

import { useQuestionText } from "@/i18n/questionText";
import type { Question } from "@/questions/kind";

import styles from "./Layers.module.css";
import { isOfRegions } from "@/questions/layers/answers";
import { FlawSign } from "@/questions/layers/FlawSign";
import type { LayerEvent, LayerView } from "@/questions/layers/layers";
import { LayerToggle } from "./LayerToggle";
import { colourOf } from "@/questions/layers/palette";
import type { Project, Review } from "./queries";

interface Props {
  project: Project;
  review: Review;
  flaws: readonly Question[];
  layers: LayerView;
  onLayers: (event: LayerEvent) => void;
}

/** What is laid over the image, as buttons that name their keys. */
export function Layers({ project, review, flaws, layers, onLayers }: Props) {
  const { t } = useTranslation("review");
  const { title } = useQuestionText(project.template, review.item.images.length);
  return (
    <div className={styles.layers} role="toolbar" aria-label={t("layers.label")}>
      {review.annotations.map(({ id, annotator }, place) => (
        <LayerToggle
          key={id}
          on={layers.marks && !layers.hidden.includes(place)}
          command="toggle_layer"
          value={place + 1}
          onClick={() => onLayers({ kind: "toggle_layer", index: place })}
        >
          <i className={styles.swatch} style={{ background: colourOf(place) }} />
          {annotator}
        </LayerToggle>
      ))}
      <LayerToggle
        on={layers.marks}
        command="toggle_marks"
        onClick={() => onLayers({ kind: "toggle_marks" })}
      >
        {t("layers.marks")}
      </LayerToggle>
      <LayerToggle
        on={layers.heatmap}
        command="toggle_heatmap"
        title={t("layers.heatmap_note", { count: review.annotations.length })}
        onClick={() => onLayers({ kind: "toggle_heatmap" })}
      >
        {t("layers.heatmap")}
      </LayerToggle>
      <LayerToggle
        on={layers.spread === true}
        command="toggle_spread"
        title={t("layers.spread_note")}
        onClick={() => onLayers({ kind: "toggle_spread" })}
      >
        {t("layers.spread")}
      </LayerToggle>
      {flaws.some(isOfRegions) &&
        review.annotations.map(({ id }, place) => (
          <LayerToggle
            key={id}
            on={layers.atLeast === place + 1}
            {...(place === 0 ? { command: "next_at_least" } : {})}
            title={t("layers.at_least_note")}
            onClick={() => onLayers({ kind: "at_least", count: place + 1 })}
          >
            {t("layers.at_least", { count: place + 1, people: review.annotations.length })}
          </LayerToggle>
        ))}
      {flaws.length > 1 && (
        <span className={styles.flaws} role="group" aria-label={t("layers.flaw")}>
          <LayerToggle
            on={layers.flaw === null}
            command="next_flaw"
            onClick={() => onLayers({ kind: "show_flaw", flaw: null })}
          >
            {t("layers.all_flaws")}
          </LayerToggle>
          {flaws.map((question, flaw) => (
            <LayerToggle
              key={question.id}
              on={layers.flaw === flaw}
              onClick={() => onLayers({ kind: "show_flaw", flaw })}
            >
              <FlawSign question={question} flaw={flaw} />
              {title(question)}
            </LayerToggle>
          ))}
        </span>
      )}
    </div>
  );
}
