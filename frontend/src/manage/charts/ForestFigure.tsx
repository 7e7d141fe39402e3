import type { ComponentProps } from "react";

import { ForestPlot } from "./ForestPlot";

/** A plot that is there to be saved; the page shows the same row by row in a table. */
export function ForestFigure(props: ComponentProps<typeof ForestPlot>) {
  return (
    <div className="visually-hidden" aria-hidden="true">
      <ForestPlot {...props} />
    </div>
  );
}
