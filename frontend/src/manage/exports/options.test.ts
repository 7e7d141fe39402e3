import { describe, expect, it } from "vitest";

import type { ExportFormat } from "@/api/types";

import { defaults, filledIn, misfits } from "./options";

const HEATMAPS: ExportFormat = {
  name: "heatmaps",
  fits: true,
  why_not: "",
  options: [
    { name: "kind", type: "choice", default: "gaussian", choices: ["gaussian", "disk"], help: "" },
    { name: "size", type: "number", default: 512, min: 64, max: 1024, help: "" },
    { name: "points", type: "bool", default: true, help: "" },
  ],
};

describe("an export's options", () => {
  it("start with the server's defaults", () => {
    expect(defaults(HEATMAPS)).toEqual({ kind: "gaussian", size: 512, points: true });
  });

  it("take over an earlier export's values where they still fit", () => {
    expect(filledIn(HEATMAPS, { kind: "disk", size: 9_999, gone: 1 })).toEqual({
      kind: "disk",
      size: 512,
      points: true,
    });
  });

  it("name what the server would refuse", () => {
    expect(misfits(HEATMAPS, { kind: "disk", size: 63, points: true })).toEqual(["size"]);
    expect(misfits(HEATMAPS, { kind: "?", size: NaN, points: false })).toEqual(["kind", "size"]);
    expect(misfits(HEATMAPS, defaults(HEATMAPS))).toEqual([]);
  });
});
