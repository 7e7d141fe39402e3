import { useTranslation } from "@/i18n/useTranslation";

import type { Scale } from "./scale";
import styles from "./Slider.module.css";

interface Props {
  scale: Scale;
  /** Null: nothing is said yet, and the thumb is in the middle only to be taken hold of. */
  value: number | null;
  label: string;
  words: (value: number) => string | undefined;
  disabled: boolean;
  onSlide: (value: number) => void;
}

/** A long scale: dragged, pressed, or moved by the desk's keys. */
export function Slider({ scale, value, label, words, disabled, onSlide }: Props) {
  const { t } = useTranslation("questions");
  const { min, max, step } = scale;
  const told = value === null ? t("kinds.rating.unset") : [value, words(value)].filter(Boolean).join(", ");
  return (
    <div className={styles.slider} data-unset={value === null}>
      <span aria-hidden="true">{min}</span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value ?? (min + max) / 2}
        disabled={disabled}
        aria-label={label}
        aria-valuetext={told}
        onChange={(event) => onSlide(event.currentTarget.valueAsNumber)}
        // A press where the thumb lies already changes nothing, but says something.
        onPointerUp={(event) => value === null && onSlide(event.currentTarget.valueAsNumber)}
      />
      <span aria-hidden="true">{max}</span>
      <output className={styles.value}>{value ?? "–"}</output>
    </div>
  );
}
