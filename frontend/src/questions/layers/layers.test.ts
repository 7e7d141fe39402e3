import { describe, expect, it } from "vitest";

import { ALL_SHOWN, type LayerEvent, stepLayers } from "./layers";

function after(...events: LayerEvent[]) {
  return events.reduce(stepLayers, ALL_SHOWN);
}

describe("the layers", () => {
  it("are hidden and shown one by one", () => {
    expect(after({ kind: "toggle_layer", index: 1 }).hidden).toEqual([1]);
    expect(
      after({ kind: "toggle_layer", index: 1 }, { kind: "toggle_layer", index: 1 }).hidden,
    ).toEqual([]);
  });

  it("go through the kinds of flaws and back to all", () => {
    const next: LayerEvent = { kind: "next_flaw", count: 2 };

    expect(after(next).flaw).toBe(0);
    expect(after(next, next).flaw).toBe(1);
    expect(after(next, next, next).flaw).toBeNull();
  });

  it("have nothing to choose with a single kind", () => {
    expect(after({ kind: "next_flaw", count: 1 }).flaw).toBeNull();
  });
});
