import { Table } from "@mantine/core";
import type { Ref } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Curve.module.css";
import type { Acceptance } from "./verdicts";

const WIDTH = 560;
const HEIGHT = 222;
const LEFT = 44;
const RIGHT = 16;
const TOP = 26;
const BOTTOM = 38;
const LABEL = 46;
const LEVELS = [0, 0.25, 0.5, 0.75, 1];
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2];
const MOST_TICKS = 8;

interface Props extends Pick<Acceptance, "curve" | "examples"> {
  ref?: Ref<SVGSVGElement>;
}

/** The operating curve of an acceptance rule; the same numbers follow as a table. */
export function Curve({ curve, examples, ref }: Props) {
  const { t } = useTranslation("signoff");
  const format = useFormat();
  const end = curve.at(-1)?.errors ?? 1;
  const step = STEPS.find((one) => end / one <= MOST_TICKS) ?? 0.25;
  const ticks = Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, n) => n * step);
  const x = (errors: number) => LEFT + (errors / end) * (WIDTH - LEFT - RIGHT);
  const y = (passes: number) => TOP + (1 - passes) * (HEIGHT - TOP - BOTTOM);
  // From the last on, those that have room for their words.
  const labelled = new Set<number>();
  let next = Infinity;
  for (const { errors } of [...examples].reverse()) {
    if (next - x(errors) < LABEL) continue;
    labelled.add(errors);
    next = x(errors);
  }
  const line = curve.map(({ errors, passes }) => `${x(errors)},${y(passes)}`).join(" ");
  return (
    <>
      <svg
        ref={ref}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={styles.chart}
        role="img"
        aria-label={t("curve")}
      >
        {LEVELS.map((level) => (
          <g key={level}>
            <line className={styles.grid} x1={LEFT} x2={WIDTH - RIGHT} y1={y(level)} y2={y(level)} />
            <text className={styles.axis} x={LEFT - 6} y={y(level) + 4} textAnchor="end">
              {format.percent(level, 0)}
            </text>
          </g>
        ))}
        {ticks.map((tick) => (
          <text key={tick} className={styles.axis} x={x(tick)} y={HEIGHT - 22} textAnchor="middle">
            {format.percent(tick, 0)}
          </text>
        ))}
        <text className={styles.axis} x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 4} textAnchor="middle">
          {t("curve_x")}
        </text>
        <text className={styles.axis} x={0} y={10}>
          {t("curve_y")}
        </text>
        <polyline className={styles.line} points={line} />
        {examples.map(({ errors, passes }) => (
          <g key={errors}>
            <title>
              {t("curve_point", { errors: format.percent(errors, 1), passes: format.percent(passes, 0) })}
            </title>
            <line className={styles.drop} x1={x(errors)} x2={x(errors)} y1={y(passes)} y2={y(0)} />
            <circle className={styles.dot} cx={x(errors)} cy={y(passes)} r={4} />
            {labelled.has(errors) && (
              <text className={styles.label} x={x(errors) + 8} y={y(passes) - 4}>
                {format.percent(passes, 0)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <div className="visually-hidden">
        <Table>
          <caption>{t("curve_table")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("curve_x")}</th>
              <th scope="col">{t("curve_y")}</th>
            </tr>
          </thead>
          <tbody>
            {curve.map(({ errors, passes }) => (
              <tr key={errors}>
                <th scope="row">{format.percent(errors, 1)}</th>
                <td>{format.percent(passes)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </>
  );
}
