import { imagePoint, markRadiusOnScreen, toScreen, type View } from "@/image/geometry";
import type { Question } from "@/questions/kind";

import { marksOf } from "./answers";
import type { MarkLayersProps } from "./MarkLayers";
import { labelShifts } from "./labels";
import { colourOf } from "./palette";
import styles from "./Points.module.css";

/** Everyone's marks for one question; the chosen annotator's on top. */
export function Points({
  view,
  letter,
  annotations,
  chosen,
  layers,
  question,
  flaw,
}: MarkLayersProps & { question: Question; flaw: number }) {
  const people = marksOf(question, letter, annotations)
    .map((marks, place) => ({ marks, place }))
    .filter(({ place }) => !layers.hidden.includes(place))
    .sort((one, other) => Number(one.place === chosen) - Number(other.place === chosen));
  const shifts = labelShifts(
    people.flatMap(({ marks }) => marks.map(({ x, y }) => toScreen(view, imagePoint(x, y)))),
  );
  let next = 0;
  return people.map(({ marks, place }) =>
    marks.map((mark, index) => (
      <Point
        shift={shifts[next++] ?? 0}
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
  /** How far down the name moves, so that it lies on no other. */
  shift: number;
}

const DOT_PX = 6;

/** A dot of constant size, and a ring as large as what the mark stands for. */
function Point({ view, x: left, y: top, name, colour, square, chosen, shift }: PointProps) {
  const { x, y } = toScreen(view, imagePoint(left, top));
  return (
    <g className={chosen ? styles.chosen : styles.point} style={{ color: colour }}>
      <circle className={styles.ring} cx={x} cy={y} r={markRadiusOnScreen(view)} />
      {square ? (
        <rect
          className={styles.dot}
          x={x - DOT_PX}
          y={y - DOT_PX}
          width={2 * DOT_PX}
          height={2 * DOT_PX}
        />
      ) : (
        <circle className={styles.dot} cx={x} cy={y} r={DOT_PX} />
      )}
      <text
        className={styles.name}
        x={square ? x - DOT_PX - 4 : x + DOT_PX + 4}
        y={y + 4 + shift}
        textAnchor={square ? "end" : "start"}
      >
        {name}
      </text>
    </g>
  );
}
