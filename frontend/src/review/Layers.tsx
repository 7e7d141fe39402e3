import { useTranslation } from "react-i18next";

import type { Project, Question, Review } from "@/api/types";
import { useQuestionText } from "@/i18n/questionText";

import { KEY_CAPS } from "./commands";
import { colourOf } from "./palette";
import styles from "./review.module.css";
import type { LayerEvent, LayerView } from "./view";

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
        <Toggle
          key={id}
          on={layers.marks && !layers.hidden.includes(place)}
          cap={`⇧${place + 1}`}
          onClick={() => onLayers({ kind: "toggle_layer", index: place })}
        >
          <i className={styles.swatch} style={{ background: colourOf(place) }} />
          {annotator}
        </Toggle>
      ))}
      <Toggle
        on={layers.marks}
        cap={KEY_CAPS.toggle_marks}
        onClick={() => onLayers({ kind: "toggle_marks" })}
      >
        {t("layers.marks")}
      </Toggle>
      <Toggle
        on={layers.heatmap}
        cap={KEY_CAPS.toggle_heatmap}
        title={t("layers.heatmap_note", { count: review.annotations.length })}
        onClick={() => onLayers({ kind: "toggle_heatmap" })}
      >
        {t("layers.heatmap")}
      </Toggle>
      {flaws.length > 1 && (
        <span className={styles.flaws} role="group" aria-label={t("layers.flaw")}>
          <Toggle
            on={layers.flaw === null}
            cap={KEY_CAPS.next_flaw}
            onClick={() => onLayers({ kind: "show_flaw", flaw: null })}
          >
            {t("layers.all_flaws")}
          </Toggle>
          {flaws.map((question, flaw) => (
            <Toggle
              key={question.id}
              on={layers.flaw === flaw}
              onClick={() => onLayers({ kind: "show_flaw", flaw })}
            >
              <span aria-hidden="true">{flaw === 0 ? "●" : "■"}</span>
              {title(question)}
            </Toggle>
          ))}
        </span>
      )}
    </div>
  );
}

interface ToggleProps {
  on: boolean;
  cap?: string;
  title?: string;
  onClick: () => void;
  children: React.ReactNode;
}

function Toggle({ on, cap, title, onClick, children }: ToggleProps) {
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-pressed={on}
      title={title}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      {children}
      {cap !== undefined && <kbd>{cap}</kbd>}
    </button>
  );
}
