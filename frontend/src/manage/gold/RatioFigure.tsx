import type { Ref } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { shortened, widthOf } from "@/manage/charts/ForestPlot";
import { useFormat } from "@/manage/parts/useFormat";

import type { GoldReport } from "./queries";
import { HEIGHT, RatioLines, WIDTH } from "./RatioPlot";
import styles from "./RatioPlot.module.css";

interface Props {
  people: GoldReport["people"];
  test: GoldReport["test"];
  ref?: Ref<SVGSVGElement>;
}

const ROW = HEIGHT + 8;
const LEGEND = 24;
/** The legend has room below the plots, whatever the language. */
const NARROWEST = 480;

/** Everybody's test, one below the other, with the bounds: what is saved of the table. */
export function RatioFigure({ people, test, ref }: Props) {
  const { t } = useTranslation("gold");
  const format = useFormat();
  const tested = people.filter(({ steps }) => steps.length > 0);
  const names = widthOf(tested.map(({ name }) => name));
  const width = Math.max(NARROWEST, names + 10 + WIDTH);
  const height = tested.length * ROW + LEGEND;
  return (
    <div className="visually-hidden" aria-hidden="true">
      <svg ref={ref} viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
        {tested.map(({ id, name, steps }, place) => (
          <g key={id} transform={`translate(0,${place * ROW})`}>
            <text className={styles.name} x={names} y={HEIGHT / 2 + 4} textAnchor="end">
              {shortened(name)}
            </text>
            <g transform={`translate(${names + 10},0)`}>
              <RatioLines steps={steps} test={test} />
            </g>
          </g>
        ))}
        <text className={styles.legend} x={0} y={height - 6}>
          {t("people.plot_legend", {
            stop: format.fixed(test.stop_at, 2),
            clear: format.fixed(test.clear_at, 2),
          })}
        </text>
      </svg>
    </div>
  );
}
