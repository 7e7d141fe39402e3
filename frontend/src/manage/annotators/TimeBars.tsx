import type { Ref } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import styles from "@/manage/charts/Plot.module.css";
import { countTicks, share } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import { TIME_EDGES } from "./table";

const WIDTH = 520;
const HEIGHT = 190;
const LEFT = 40;
const TOP = 8;
const BOTTOM = 36;

interface Props {
  counts: readonly number[];
  ref?: Ref<SVGSVGElement>;
}

/** How many answers took how long; the numbers follow as a list. */
export function TimeBars({ counts, ref }: Props) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const ticks = countTicks(Math.max(1, ...counts));
  const top = ticks.at(-1) ?? 1;
  const pitch = (WIDTH - LEFT) / counts.length;
  const y = (count: number) => TOP + (1 - share(count, 0, top)) * (HEIGHT - TOP - BOTTOM);
  const texts = counts.map((count, place) =>
    t("times_value", { range: range(place), count: count }),
  );
  function range(place: number): string {
    const [low, high] = [TIME_EDGES[place - 1], TIME_EDGES[place]];
    if (low === undefined) return t("below", { high });
    return high === undefined ? t("above", { low }) : t("between", { low, high });
  }
  function short(place: number): string {
    const [low, high] = [TIME_EDGES[place - 1], TIME_EDGES[place]];
    if (low === undefined) return `< ${high}`;
    return high === undefined ? `≥ ${low}` : `${low}–${high}`;
  }
  return (
    <figure aria-label={t("times")} style={{ margin: 0 }}>
      <svg
        ref={ref}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={styles.plot}
        aria-hidden="true"
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={styles.grid} x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
            <text className={styles.axis} x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {format.integer(tick)}
            </text>
          </g>
        ))}
        {counts.map((count, place) => (
          <g key={place}>
            <title>{texts[place]}</title>
            <rect
              className={styles.bar}
              x={LEFT + (place + 0.14) * pitch}
              y={y(count)}
              width={pitch * 0.72}
              height={y(0) - y(count)}
              rx={2}
            />
            <text
              className={styles.axis}
              x={LEFT + (place + 0.5) * pitch}
              y={HEIGHT - BOTTOM + 16}
              textAnchor="middle"
            >
              {short(place)}
            </text>
          </g>
        ))}
        <text className={styles.axis} x={(LEFT + WIDTH) / 2} y={HEIGHT - 3} textAnchor="middle">
          {t("seconds")}
        </text>
      </svg>
      <ul className="visually-hidden">
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </figure>
  );
}
