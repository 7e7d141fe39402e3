import { useEffect, useRef, useState } from "react";

import { imagePoint, type ScreenPoint, toScreen, type View } from "@/image/geometry";
import { pointWithin } from "@/image/pointWithin";

import type { AskedItem, Letter, Question } from "./kind";
import { numberAt, numberedLinks } from "./links";
import { cursorOf, isSame, type RegionsCursor, regionsOf, regionsQuestions, selectedOf } from "./regions";
import { type Live, useLive } from "./regionsLive";
import { colourOfFlaw, Line, radiusOnScreen, RegionShape, screenPath } from "./RegionShape";
import styles from "./RegionShape.module.css";

interface Props {
  item: AskedItem;
  letter: Letter;
  view: View;
  /** The question that is drawn for. */
  active: Question | null;
  onSize: (by: 1 | -1) => void;
}

/** An image's regions, what is being drawn, and the brush at the pointer. */
export function RegionsLayer({ item, letter, view, active, onSize }: Props) {
  const { hidden, crosshair, tool, radius } = cursorOf(item);
  const { stroke, pointed } = useLive();
  const { pointer, ref } = usePointer(active ? onSize : null);
  const selected = selectedOf(item);
  const links = numberedLinks(item.questions, item.answers);
  const brush = tool === "brush" || tool === "erase";
  return (
    <>
      <svg className={styles.overlay} aria-hidden="true" data-regions={letter}>
        {!hidden &&
          regionsQuestions(item.questions).map((question) =>
            (regionsOf(item, question.id)[letter] ?? []).map((region, index) => {
              const ref = { question: question.id, letter, index };
              return (
                <RegionShape
                  key={`${question.id}-${index}`}
                  {...{ region, view }}
                  colour={colourOfFlaw(question, region.flaw)}
                  selected={selected !== null && isSame(ref, selected)}
                  raised={pointed !== null && isSame(ref, pointed)}
                  dim={active !== null && question.id !== active.id}
                  number={numberAt(links, ref)}
                />
              );
            }),
          )}
      </svg>
      <svg ref={ref} className={`${styles.overlay} ${styles.live}`} aria-hidden="true">
        {stroke?.letter === letter && <Drawn stroke={stroke} view={view} />}
        {active && brush && pointer && (
          <circle
            className={`${styles.ring} ${tool === "erase" ? styles.rubs : ""}`}
            cx={pointer.x}
            cy={pointer.y}
            r={radiusOnScreen(radius, view)}
          />
        )}
        {active && crosshair && <Hair crosshair={crosshair} letter={letter} view={view} />}
      </svg>
    </>
  );
}

function Drawn({ stroke, view }: { stroke: NonNullable<Live["stroke"]>; view: View }) {
  const { tool, radius, colour, points } = stroke;
  const [one, other] = points;
  if (tool === "box" && one && other) {
    const corners = [one, [other[0], one[1]], other, [one[0], other[1]]] as const;
    return <path className={styles.box} style={{ color: colour }} d={`${screenPath(corners, view)}Z`} />;
  }
  if (tool === "lasso") {
    return <path className={styles.box} style={{ color: colour }} d={screenPath(points, view)} fillRule="evenodd" />;
  }
  return (
    <g opacity={0.5}>
      <Line
        stroke={{ tool: "brush", radius, points }}
        view={view}
        colour={tool === "erase" ? "var(--mark-dark)" : colour}
      />
    </g>
  );
}

/** Where the keys are, and the box that they have begun. */
function Hair({ crosshair, letter, view }: { crosshair: NonNullable<RegionsCursor["crosshair"]>; letter: Letter; view: View }) {
  const { x, y } = toScreen(view, crosshair.at);
  const here = crosshair.letter === letter;
  const corner = here && crosshair.corner && toScreen(view, imagePoint(crosshair.corner.x, crosshair.corner.y));
  return (
    <g className={`${styles.crosshair} ${here ? "" : styles.ghost}`}>
      {corner && (
        <rect
          x={Math.min(x, corner.x)}
          y={Math.min(y, corner.y)}
          width={Math.abs(x - corner.x)}
          height={Math.abs(y - corner.y)}
        />
      )}
      <path d={`M${x - 24} ${y}H${x - 4}M${x + 4} ${y}H${x + 24}M${x} ${y - 24}V${y - 4}M${x} ${y + 4}V${y + 24}`} />
    </g>
  );
}

/** A turn of the wheel this long is one step of the brush. */
const WHEEL_STEP = 50;

/** Where the pointer is on the stage that the layer lies on; with Alt its wheel is the brush's size. */
function usePointer(onSize: ((by: 1 | -1) => void) | null) {
  const ref = useRef<SVGSVGElement>(null);
  const [pointer, setPointer] = useState<ScreenPoint | null>(null);
  const size = useRef(onSize);
  useEffect(() => {
    size.current = onSize;
  });
  useEffect(() => {
    const stage = ref.current?.parentElement;
    if (!stage) return;
    const ending = new AbortController();
    const { signal } = ending;
    let turned = 0;
    const seen = (event: PointerEvent) => setPointer(pointWithin(event, stage));
    stage.addEventListener("pointermove", seen, { signal });
    stage.addEventListener("pointerdown", seen, { signal });
    stage.addEventListener("pointerleave", () => setPointer(null), { signal });
    // Before the stage's own, which zooms.
    const turn = (event: WheelEvent) => {
      if (!event.altKey || !size.current) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      turned += event.deltaY;
      if (Math.abs(turned) < WHEEL_STEP) return;
      size.current(turned < 0 ? 1 : -1);
      turned = 0;
    };
    stage.addEventListener("wheel", turn, { signal, capture: true, passive: false });
    return () => ending.abort();
  }, []);
  return { pointer, ref };
}
