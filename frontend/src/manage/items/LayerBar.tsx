import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import type { Question } from "@/questions/kind";
import { isOfRegions } from "@/questions/layers/answers";
import { FlawSign } from "@/questions/layers/FlawSign";
import { type LayerView, stepLayers } from "@/questions/layers/layers";
import { colourOf } from "@/questions/layers/palette";

import styles from "./LayerBar.module.css";

interface Props {
  project: Schemas["Project"];
  names: readonly string[];
  flaws: readonly Question[];
  layers: LayerView;
  images: number;
  onLayers: (layers: LayerView) => void;
}

/** What lies over the images: each person's marks, all of them as a map, where people differ. */
export function LayerBar({ project, names, flaws, layers, images, onLayers }: Props) {
  const { t } = useTranslation("items");
  const { title } = useQuestionText(project.template, images);
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("detail.layers")}>
      {names.map((name, index) => (
        <Toggle
          key={index}
          on={layers.marks && !layers.hidden.includes(index)}
          onClick={() => onLayers(stepLayers(layers, { kind: "toggle_layer", index }))}
        >
          <i style={{ background: colourOf(index) }} />
          {name}
        </Toggle>
      ))}
      <Toggle
        on={layers.marks}
        onClick={() => onLayers(stepLayers(layers, { kind: "toggle_marks" }))}
      >
        {t("detail.marks")}
      </Toggle>
      <Toggle
        on={layers.heatmap}
        title={t("detail.heatmap_help")}
        onClick={() => onLayers(stepLayers(layers, { kind: "toggle_heatmap" }))}
      >
        {t("detail.heatmap")}
      </Toggle>
      <Toggle
        on={layers.spread === true}
        title={t("detail.spread_help")}
        onClick={() => onLayers(stepLayers(layers, { kind: "toggle_spread" }))}
      >
        {t("detail.spread")}
      </Toggle>
      {flaws.some(isOfRegions) &&
        names.map((_, place) => (
          <Toggle
            key={place}
            on={layers.atLeast === place + 1}
            title={t("detail.at_least_help")}
            onClick={() => onLayers(stepLayers(layers, { kind: "at_least", count: place + 1 }))}
          >
            {t("detail.at_least", { count: place + 1, people: names.length })}
          </Toggle>
        ))}
      {flaws.length > 1 &&
        flaws.map((question, flaw) => (
          <Toggle
            key={question.id}
            on={layers.flaw === null || layers.flaw === flaw}
            onClick={() => onLayers({ ...layers, flaw: layers.flaw === flaw ? null : flaw })}
          >
            <FlawSign question={question} flaw={flaw} />
            {title(question)}
          </Toggle>
        ))}
    </div>
  );
}

interface ToggleProps {
  on: boolean;
  title?: string;
  onClick: () => void;
  children: ReactNode;
}

function Toggle({ on, title, onClick, children }: ToggleProps) {
  return (
    <button type="button" className={styles.toggle} aria-pressed={on} title={title} onClick={onClick}>
      {children}
    </button>
  );
}
