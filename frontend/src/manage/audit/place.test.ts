import { describe, expect, it } from "vitest";

import { placeOf } from "./place";

describe("placeOf", () => {
  it.each([
    ["batch:12", "batch.renamed", "/projects/7/batches/12"],
    ["batch:12", "batch.deleted", null],
    ["export:3", "export.downloaded", "/projects/7/exports"],
    ["user:4", "member.joined", "/projects/7/members"],
    ["", "project.paused", null],
  ] as const)("leads from %s of %s to %s", (target, verb, place) => {
    expect(placeOf({ target, verb, project_id: 7, project: "Cats" })).toBe(place);
  });

  it("leads nowhere in a project that is gone, or outside of one", () => {
    const action = { target: "batch:12", verb: "batch.renamed" } as const;
    expect(placeOf({ ...action, project_id: 7, project: null })).toBe(null);
    expect(placeOf({ ...action, project_id: null, project: null })).toBe(null);
  });
});
