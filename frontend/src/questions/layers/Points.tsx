import { imagePoint, markSigmaOnScreen, toScreen, type View } from "@/image/geometry";
import { DOT_PX, MARK_LOOKS, type MarkLook, MarkShape } from "@/image/MarkShape";
import type { Question } from "@/questions/kind";

import { numberAt, numberedLinks } from "@/questions/links";
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
  questions,
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
  const links = annotations.map(({ answers }) => numberedLinks(questions, answers));
  let next = 0;
  return people.map(({ marks, place }) =>
    marks.map((mark, index) => (
      <Point
        shift={shifts[next++] ?? 0}
        key={`${place}-${index}`}
        view={view}
        x={mark.x}
        y={mark.y}
        name={[
          annotations[place]?.annotator ?? "",
          numberAt(links[place] ?? [], { question: question.id, letter, index }),
        ].join(" ")}
        colour={colourOf(place)}
        look={MARK_LOOKS[flaw % MARK_LOOKS.length] ?? MARK_LOOKS[0]}
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
  look: MarkLook;
  chosen: boolean;
  /** How far down the name moves, so that it lies on no other. */
  shift: number;
}

/** A dot of constant size, and a ring at two deviations of its Gaussian. */
function Point({ view, x: left, y: top, name, colour, look, chosen, shift }: PointProps) {
  const { x, y } = toScreen(view, imagePoint(left, top));
  const sigma = markSigmaOnScreen(view);
  return (
    <g className={chosen ? styles.chosen : styles.point} style={{ color: colour }}>
      <ellipse className={styles.ring} cx={x} cy={y} rx={2 * sigma.x} ry={2 * sigma.y} />
      <MarkShape className={styles.dot} look={look} x={x} y={y} />
      <text className={styles.name} x={x + DOT_PX + 4} y={y + 4 + shift}>
        {name}
      </text>
    </g>
  );
}
