import { Table } from "@mantine/core";
import type { Ref } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./PerDay.module.css";
import { countTicks, everyDay, share, type Day } from "./scale";

const WIDTH = 720;
const HEIGHT = 184;
const LEFT = 36;
const BOTTOM = 22;
const TOP = 8;
const WIDEST_BAR = 28;

interface Props {
  days: readonly Day[];
  ref?: Ref<SVGSVGElement>;
}

/** Bars of counts by day, from zero; the same numbers follow as a table for screen readers. */
export function PerDay({ days, ref }: Props) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const all = everyDay(days);
  const ticks = countTicks(Math.max(...all.map((day) => day.count)));
  const top = ticks.at(-1) ?? 1;
  const pitch = (WIDTH - LEFT) / all.length;
  const bar = Math.min(WIDEST_BAR, pitch * 0.72);
  const y = (count: number) => TOP + (1 - share(count, 0, top)) * (HEIGHT - TOP - BOTTOM);
  const every = Math.ceil(all.length / 8);
  return (
    <>
      <svg
        ref={ref}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={styles.chart}
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
        {all.map((day, index) => {
          const centre = LEFT + (index + 0.5) * pitch;
          return (
            <g key={day.date} className={styles.slot}>
              <title>
                {t("overview.per_day_value", { day: format.day(day.date), count: day.count })}
              </title>
              <rect
                className={styles.hit}
                x={centre - pitch / 2}
                y={TOP}
                width={pitch}
                height={HEIGHT - TOP - BOTTOM}
              />
              <rect
                className={styles.bar}
                x={centre - bar / 2}
                y={y(day.count)}
                width={bar}
                height={y(0) - y(day.count)}
                rx={Math.min(2, bar / 4)}
              />
              {index % every === 0 && (
                <text className={styles.axis} x={centre} y={HEIGHT - 6} textAnchor="middle">
                  {format.day(day.date)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <div className="visually-hidden">
        <Table>
        <caption>{t("overview.per_day_table")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("overview.day")}</th>
            <th scope="col">{t("overview.annotations")}</th>
          </tr>
        </thead>
        <tbody>
          {all.map((day) => (
            <tr key={day.date}>
              <th scope="row">{format.day(day.date)}</th>
              <td>{day.count}</td>
            </tr>
          ))}
        </tbody>
        </Table>
      </div>
    </>
  );
}
