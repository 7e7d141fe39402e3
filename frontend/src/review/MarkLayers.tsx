import { useEffect, useMemo, useRef } from "react";

import type { Letter, Question, ReviewedAnnotation } from "@/api/types";
import { imagePoint, markRadiusOnScreen, toScreen, type View } from "@/image/geometry";
import { consensusHeatmap, type Grid, heatmapPixels, heatmapSize, type Rgb } from "@/image/heatmap";

import { marksOf } from "./answers";
import { colourOf, rampOf } from "./palette";
import styles from "./review.module.css";
import type { LayerView } from "./view";

interface Props {
  view: View;
  letter: Letter;
  /** The questions of type marks, in order. */
  flaws: readonly Question[];
  annotations: readonly ReviewedAnnotation[];
  chosen: number;
  layers: LayerView;
}

/** The heatmaps below, the annotators' points above; the chosen annotator's on top. */
export function MarkLayers(props: Props) {
  const { flaws, layers } = props;
  const shown = flaws
    .map((question, flaw) => ({ question, flaw }))
    .filter(({ flaw }) => layers.flaw === null || layers.flaw === flaw);
  return (
    <>
      {layers.heatmap &&
        shown.map(({ question, flaw }) => (
          <Heatmap key={question.id} {...props} question={question} ramp={rampOf(flaw)} />
        ))}
      {layers.marks && (
        <svg className={styles.overlay} aria-hidden="true">
          {shown.map(({ question, flaw }) => (
            <Points key={question.id} {...props} question={question} flaw={flaw} />
          ))}
        </svg>
      )}
    </>
  );
}

function Heatmap({
  view,
  letter,
  annotations,
  question,
  ramp,
}: Props & { question: Question; ramp: readonly Rgb[] }) {
  const { width, height } = view.frame.image;
  const grid = useMemo(() => {
    const people = marksOf(question.id, letter, annotations);
    return people.every((marks) => marks.length === 0)
      ? null
      : consensusHeatmap(people, heatmapSize({ width, height }));
  }, [question.id, letter, annotations, width, height]);
  return grid && <HeatmapCanvas grid={grid} ramp={ramp} view={view} />;
}

function HeatmapCanvas({ grid, ramp, view }: { grid: Grid; ramp: readonly Rgb[]; view: View }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(heatmapPixels(grid, ramp), grid.width, grid.height), 0, 0);
  }, [grid, ramp]);
  const { width, height } = view.frame.image;
  return (
    <canvas
      ref={canvas}
      className={styles.heatmap}
      width={grid.width}
      height={grid.height}
      style={{
        left: view.left,
        top: view.top,
        width: width * view.scale,
        height: height * view.scale,
      }}
    />
  );
}

function Points({
  view,
  letter,
  annotations,
  chosen,
  layers,
  question,
  flaw,
}: Props & { question: Question; flaw: number }) {
  const people = marksOf(question.id, letter, annotations)
    .map((marks, place) => ({ marks, place }))
    .filter(({ place }) => !layers.hidden.includes(place))
    .sort((one, other) => Number(one.place === chosen) - Number(other.place === chosen));
  return people.map(({ marks, place }) =>
    marks.map((mark, index) => (
      <Point
        key={`${place}-${index}`}
        view={view}
        x={mark.x}
        y={mark.y}
        name={annotations[place]?.annotator ?? ""}
        colour={colourOf(place)}
        square={flaw > 0}
        chosen={place === chosen}
      />
    )),
  );
}

interface PointProps {
  view: View;
  x: number;
  y: number;
  name: string;
  colour: string;
  square: boolean;
  chosen: boolean;
}

const DOT_PX = 6;

/** A dot of constant size, and a ring as large as what the mark stands for. */
function Point({ view, x: left, y: top, name, colour, square, chosen }: PointProps) {
  const { x, y } = toScreen(view, imagePoint(left, top));
  return (
    <g className={chosen ? styles.pointChosen : styles.point} style={{ color: colour }}>
      <circle className={styles.pointRing} cx={x} cy={y} r={markRadiusOnScreen(view)} />
      {square ? (
        <rect
          className={styles.pointDot}
          x={x - DOT_PX}
          y={y - DOT_PX}
          width={2 * DOT_PX}
          height={2 * DOT_PX}
        />
      ) : (
        <circle className={styles.pointDot} cx={x} cy={y} r={DOT_PX} />
      )}
      <text className={styles.pointName} x={x + DOT_PX + 4} y={y + 4}>
        {name}
      </text>
    </g>
  );
}
