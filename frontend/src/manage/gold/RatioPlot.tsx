import type { Ref } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./RatioPlot.module.css";
import type { GoldReport, TestedAnnotator } from "./queries";

interface Props extends LinesProps {
  ref?: Ref<SVGSVGElement>;
}

interface LinesProps {
  steps: TestedAnnotator["steps"];
  test: GoldReport["test"];
}

export const WIDTH = 260;
export const HEIGHT = 64;
const PAD = 6;

/** The log likelihood ratio after each answer between the two bounds; anew after each decision. */
export function RatioPlot({ steps, test, ref }: Props) {
  const { t } = useTranslation("gold");
  const format = useFormat();
  const last = steps.at(-1);
  if (last === undefined) return null;
  const text = t("people.plot_text", {
    count: steps.length,
    ratio: format.fixed(last.ratio, 2),
    stop: format.fixed(test.stop_at, 2),
    clear: format.fixed(test.clear_at, 2),
  });
  return (
    <svg
      ref={ref}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      <RatioLines steps={steps} test={test} />
    </svg>
  );
}

/** What is drawn of a test, `WIDTH` by `HEIGHT`. */
export function RatioLines({ steps, test }: LinesProps) {
  const values = steps.map(({ ratio }) => ratio);
  const top = Math.max(test.stop_at, ...values);
  const bottom = Math.min(test.clear_at, ...values);
  const x = (place: number) => PAD + (place / Math.max(steps.length, 8)) * (WIDTH - 2 * PAD);
  const y = (ratio: number) => PAD + ((top - ratio) / (top - bottom)) * (HEIGHT - 2 * PAD);
  return (
    <>
      <line className={styles.stop} x1={PAD} x2={WIDTH - PAD} y1={y(test.stop_at)} y2={y(test.stop_at)} />
      <line className={styles.clear} x1={PAD} x2={WIDTH - PAD} y1={y(test.clear_at)} y2={y(test.clear_at)} />
      <line className={styles.zero} x1={PAD} x2={WIDTH - PAD} y1={y(0)} y2={y(0)} />
      {runs(steps).map((run) => (
        <polyline
          key={run.from}
          className={styles.path}
          points={[0, ...run.ratios].map((ratio, place) => `${x(run.from + place)},${y(ratio)}`).join(" ")}
        />
      ))}
      {steps.map((step, place) => (
        <circle
          key={place}
          className={step.right ? styles.right : styles.wrong}
          cx={x(place + 1)}
          cy={y(step.ratio)}
          r={3}
        />
      ))}
    </>
  );
}

/** The stretches between decisions, each beginning at 0. */
function runs(steps: TestedAnnotator["steps"]): { from: number; ratios: number[] }[] {
  const found: { from: number; ratios: number[] }[] = [];
  let begins = true;
  for (const [place, step] of steps.entries()) {
    if (begins) found.push({ from: place, ratios: [] });
    found.at(-1)?.ratios.push(step.ratio);
    begins = step.decision !== "goes_on";
  }
  return found;
}
