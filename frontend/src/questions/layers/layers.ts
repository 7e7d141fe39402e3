/** What the reviewer sees laid over the images: its state and its step, pure. */

export interface LayerView {
  /** Places of annotators whose marks are hidden. */
  hidden: readonly number[];
  marks: boolean;
  heatmap: boolean;
  /** Where some marked and others did not, as a map. */
  spread?: boolean;
  /** Of regions: what at least so many people drew, as one shape; left out: each person's own. */
  atLeast?: number | null;
  /** Index of the only flaw shown; null for all. */
  flaw: number | null;
}

export const ALL_SHOWN: LayerView = { hidden: [], marks: true, heatmap: false, flaw: null };

export type LayerEvent =
  | { kind: "toggle_layer"; index: number }
  | { kind: "toggle_marks" }
  | { kind: "toggle_heatmap" }
  | { kind: "toggle_spread" }
  | { kind: "at_least"; count: number }
  /** What one of so many people drew, what two did …, and back to each person's own. */
  | { kind: "next_at_least"; people: number }
  | { kind: "next_flaw"; count: number }
  | { kind: "show_flaw"; flaw: number | null };

export function stepLayers(view: LayerView, event: LayerEvent): LayerView {
  switch (event.kind) {
    case "toggle_layer":
      return { ...view, hidden: toggled(view.hidden, event.index) };
    case "toggle_marks":
      return { ...view, marks: !view.marks };
    case "toggle_heatmap":
      return { ...view, heatmap: !view.heatmap, spread: false };
    case "toggle_spread":
      return { ...view, spread: view.spread !== true, heatmap: false };
    case "at_least":
      return { ...view, atLeast: view.atLeast === event.count ? null : event.count };
    case "next_at_least": {
      const next = (view.atLeast ?? 0) + 1;
      return { ...view, atLeast: next > event.people ? null : next };
    }
    case "next_flaw":
      return { ...view, flaw: nextFlaw(view.flaw, event.count) };
    case "show_flaw":
      return { ...view, flaw: event.flaw };
  }
}

function toggled(hidden: readonly number[], index: number): number[] {
  return hidden.includes(index) ? hidden.filter((one) => one !== index) : [...hidden, index];
}

/** All, the first, the second …, all again. With one kind of flaw there is nothing to choose. */
function nextFlaw(flaw: number | null, count: number): number | null {
  if (count < 2) return null;
  const next = (flaw ?? -1) + 1;
  return next < count ? next : null;
}
