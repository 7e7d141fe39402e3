import { useMemo } from "react";

import { type Grid, heatmapSize } from "@/image/heatmap";
import type { Question } from "@/questions/kind";
import { numberAt, numberedLinks } from "@/questions/links";
import { RegionShape } from "@/questions/RegionShape";

import { regionsOf } from "./answers";
import { HeatmapCanvas } from "./Heatmap";
import type { MarkLayersProps } from "./MarkLayers";
import styles from "./MarkLayers.module.css";
import { colourOf, rampOf, SPREAD } from "./palette";
import { drawnByAtLeast, shareOfPeople, spreadOfPeople } from "./regionMaps";

/** Each person's regions in their colour, or what so many of them drew, or all of them as a map. */
export function RegionLayers(props: MarkLayersProps & { question: Question }) {
  const { view, layers, chosen, questions, question, letter, annotations } = props;
  const people = useMemo(
    () => regionsOf(question, letter, annotations),
    [question, letter, annotations],
  );
  const grid = useGrid(props, people);
  const least = layers.atLeast ?? null;
  const links = annotations.map(({ answers }) => numberedLinks(questions, answers));
  return (
    <>
      {grid && (
        // The flaw itself is to be seen through what so many drew.
        <HeatmapCanvas
          grid={grid}
          view={view}
          ramp={layers.spread ? SPREAD : rampOf(0)}
          opacity={least === null ? 0.85 : 0.5}
        />
      )}
      {layers.marks && least === null && (
        <svg className={styles.overlay} aria-hidden="true" data-regions={letter}>
          {people
            .map((regions, place) => ({ regions, place }))
            .filter(({ place }) => !layers.hidden.includes(place))
            .sort((one, other) => Number(one.place === chosen) - Number(other.place === chosen))
            .flatMap(({ regions, place }) =>
              regions.map((region, index) => (
                <RegionShape
                  key={`${place}-${index}`}
                  {...{ region, view }}
                  colour={colourOf(place)}
                  raised={place === chosen}
                  number={numberAt(links[place] ?? [], { question: question.id, letter, index })}
                />
              )),
            )}
        </svg>
      )}
    </>
  );
}

/** What so many drew, how many drew or how far they differ, as far as one of them is asked for. */
function useGrid(
  { view, layers }: MarkLayersProps,
  people: ReturnType<typeof regionsOf>,
): Grid | null {
  const { width, height } = view.frame.image;
  const { heatmap, spread = false, atLeast = null } = layers;
  return useMemo(() => {
    if (people.every((regions) => regions.length === 0)) return null;
    const size = heatmapSize({ width, height }, 512);
    if (atLeast !== null) return drawnByAtLeast(people, atLeast, size);
    if (spread) return spreadOfPeople(people, size);
    return heatmap ? shareOfPeople(people, size) : null;
  }, [people, width, height, heatmap, spread, atLeast]);
}
