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

  it("go from each person's regions to what one, two … drew, and back", () => {
    const next: LayerEvent = { kind: "next_at_least", people: 2 };

    expect(after(next).atLeast).toBe(1);
    expect(after(next, next).atLeast).toBe(2);
    expect(after(next, next, next).atLeast).toBeNull();
  });

  it("show the mean over people or their variance, not both", () => {
    expect(after({ kind: "toggle_heatmap" }, { kind: "toggle_spread" })).toMatchObject({
      heatmap: false,
      spread: true,
    });
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
