import { type KeyboardEvent, memo, type PointerEvent, type Ref } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import type { MarkStyle } from "./marks";
import styles from "./Plot.module.css";
import { generatorOf, leftOf, nearest, next, type Placed, type Plane, topOf, type Way } from "./plane";

const LEFT = 52;
const TOP = 14;
const BOTTOM = 48;
const RIGHT = 24;

/** A pointer this far from a point, in CSS pixels, still means it. */
const REACH = 18;

const KEYS: Readonly<Record<string, Way>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

interface Props {
  plane: Plane;
  points: readonly Placed[];
  marks: ReadonlyMap<string, MarkStyle>;
  words: { x: string; y: string };
  /** Draws where both are nought: left of it and above it mean something. */
  zero: boolean;
  active: number | null;
  onActive: (index: number | null) => void;
  onOpen: (index: number) => void;
  ref?: Ref<SVGSVGElement>;
}

/** The points themselves: one stop of the tab key, walked by arrows, opened by Enter or a click. */
export function Plot({
  plane,
  points,
  marks,
  words,
  zero,
  active,
  onActive,
  onOpen,
  ref,
}: Props) {
  const { t } = useTranslation("metrics");
  const under = (event: PointerEvent<SVGSVGElement> | React.MouseEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return nearest(points, event.clientX - box.left - LEFT, event.clientY - box.top - TOP, REACH);
  };
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const way = KEYS[event.key];
    if (way) {
      event.preventDefault();
      onActive(next(points, active, way)?.index ?? null);
    } else if ((event.key === "Enter" || event.key === " ") && active !== null) {
      event.preventDefault();
      onOpen(active);
    }
  };
  const at = points.find(({ index }) => index === active);
  return (
    <svg
      ref={ref}
      className={styles.plot}
      width={plane.width + LEFT + RIGHT}
      height={plane.height + TOP + BOTTOM}
      tabIndex={0}
      role="application"
      aria-label={t("scatter.label", { x: words.x, y: words.y, count: points.length })}
      data-over={at !== undefined}
      onPointerMove={(event) => onActive(under(event)?.index ?? null)}
      onClick={(event) => {
        const hit = under(event);
        if (hit) onOpen(hit.index);
      }}
      onKeyDown={onKeyDown}
    >
      <g transform={`translate(${LEFT},${TOP})`}>
        <Axes plane={plane} words={words} zero={zero} />
        <Points points={points} marks={marks} />
        {at && <circle className={styles.ring} cx={at.left} cy={at.top} r={9} />}
      </g>
    </svg>
  );
}

function Axes({ plane, words, zero }: Pick<Props, "plane" | "words" | "zero">) {
  const format = useFormat();
  const { width, height, x, y } = plane;
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={0} x2={width} y1={topOf(plane, tick)} y2={topOf(plane, tick)} />
          <text className={styles.axis} x={-8} y={topOf(plane, tick) + 4} textAnchor="end">
            {format.fixed(tick, y.decimals)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick}>
          <line className={styles.grid} x1={leftOf(plane, tick)} x2={leftOf(plane, tick)} y1={0} y2={height} />
          <text className={styles.axis} x={leftOf(plane, tick)} y={height + 22} textAnchor="middle">
            {format.fixed(tick, x.decimals)}
          </text>
        </g>
      ))}
      {zero && (
        <>
          <line className={styles.zero} x1={leftOf(plane, 0)} x2={leftOf(plane, 0)} y1={0} y2={height} />
          <line className={styles.zero} x1={0} x2={width} y1={topOf(plane, 0)} y2={topOf(plane, 0)} />
        </>
      )}
      <text className={styles.axisName} x={width / 2} y={height + 42} textAnchor="middle">
        {words.x}
      </text>
      <text
        className={styles.axisName}
        transform={`translate(${-LEFT + 12},${height / 2}) rotate(-90)`}
        textAnchor="middle"
      >
        {words.y}
      </text>
    </>
  );
}

/** Up to two thousand marks: drawn once, not at every move of the pointer. */
const Points = memo(function Points({ points, marks }: Pick<Props, "points" | "marks">) {
  return (
    <g className={styles.points}>
      {points.map(({ index, point, left, top }) => {
        const mark = marks.get(generatorOf(point));
        return (
          <path
            key={index}
            data-point={index}
            d={mark?.path}
            fill={mark?.colour}
            transform={`translate(${left.toFixed(1)},${top.toFixed(1)})`}
          />
        );
      })}
    </g>
  );
});
