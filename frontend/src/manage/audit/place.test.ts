import { describe, expect, it } from "vitest";

import { placeOf } from "./place";

describe("placeOf", () => {
  it.each([
    ["batch:12", "batch.renamed", "/projects/7/batches/12"],
    ["batch:12", "batch.deleted", null],
    ["item:0b1c", "item.excluded", "/projects/7/items?item=0b1c"],
    ["user:4", "annotator.paused", "/projects/7/annotators/4"],
    ["", "metrics.chosen", "/projects/7/measurements/choose"],
    ["export:3", "export.downloaded", "/projects/7/exports"],
    ["user:4", "member.joined", "/projects/7/members"],
    ["", "project.paused", null],
  ] as const)("leads from %s of %s to %s", (target, verb, place) => {
    expect(placeOf({ target, verb, project_id: 7, project: "Cats", details: {} })).toBe(place);
  });

  it("leads from a verdict to the item of the answer", () => {
    const action = { target: "annotation:9", verb: "verdict.overridden", details: { item: "0b1c" } } as const;
    expect(placeOf({ ...action, project_id: 7, project: "Cats" })).toBe("/projects/7/items?item=0b1c");
  });

  it("leads nowhere in a project that is gone, or outside of one", () => {
    const action = { target: "batch:12", verb: "batch.renamed", details: {} } as const;
    expect(placeOf({ ...action, project_id: 7, project: null })).toBe(null);
    expect(placeOf({ ...action, project_id: null, project: null })).toBe(null);
  });
});
