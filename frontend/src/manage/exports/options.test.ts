import { describe, expect, it } from "vitest";

import type { ExportFormat, ExportOption } from "@/api/exports";

import { changed, defaults, filledIn, fits, laidOut, misfits } from "./options";

const SPLIT: ExportOption = {
  name: "split",
  type: "text",
  default: "90/5/5",
  pattern: "\\d{1,3}/\\d{1,3}/\\d{1,3}",
  rule: "three whole percents that make 100",
  help: "",
};
const BATCHES: ExportOption = {
  name: "batches",
  type: "text",
  default: "",
  pattern: "|\\d{1,9}(,\\d{1,9}){0,99}",
  rule: "numbers with commas between",
  help: "",
};
const HEATMAPS: ExportFormat = {
  name: "heatmaps",
  version: "2",
  title: "",
  use: "",
  fits: true,
  why_not: "",
  options: [
    { name: "kind", type: "choice", default: "gaussian", choices: ["gaussian", "disk"], help: "" },
    { name: "sigma", type: "choice", default: "px", choices: ["equal_moment", "px"], help: "" },
    { name: "sigma_px", type: "number", default: 12.8, min: 0.1, max: 1024, help: "" },
    { name: "size", type: "number", default: 512, min: 64, max: 1024, whole: true, help: "" },
    { name: "points", type: "bool", default: true, help: "" },
  ],
};
const USUAL = { kind: "gaussian", sigma: "px", sigma_px: 12.8, size: 512, points: true };

describe("an export's options", () => {
  it("start with the server's defaults", () => {
    expect(defaults(HEATMAPS)).toEqual(USUAL);
  });

  it("take over an earlier export's values where they still fit", () => {
    expect(filledIn(HEATMAPS, { kind: "disk", size: 9_999, gone: 1 })).toEqual({
      ...USUAL,
      kind: "disk",
    });
  });

  it("name what the server would refuse", () => {
    expect(misfits(HEATMAPS, { ...USUAL, size: 63 })).toEqual(["size"]);
    expect(misfits(HEATMAPS, { ...USUAL, size: 64.5 })).toEqual(["size"]);
    expect(misfits(HEATMAPS, { ...USUAL, kind: "?", size: NaN })).toEqual(["kind", "size"]);
    expect(misfits(HEATMAPS, defaults(HEATMAPS))).toEqual([]);
  });

  it("hold texts against their pattern as a whole", () => {
    expect(fits(BATCHES, "")).toBe(true);
    expect(fits(BATCHES, "3,14")).toBe(true);
    expect(fits(BATCHES, "3,")).toBe(false);
    expect(fits(BATCHES, "all 3")).toBe(false);
  });

  it("want percents of a split that make a hundred", () => {
    expect(fits(SPLIT, "80/10/10")).toBe(true);
    expect(fits(SPLIT, "80/10/5")).toBe(false);
    expect(fits(SPLIT, "80/20")).toBe(false);
  });

  it("say what differs from the defaults", () => {
    expect(changed(HEATMAPS, { ...USUAL, size: 256 })).toEqual({ size: 256 });
    expect(changed(HEATMAPS, USUAL)).toEqual({});
  });

  it("fold the rare ones away, and leave out what would say nothing", () => {
    const names = (values: typeof USUAL) => {
      const { usual, rare } = laidOut(HEATMAPS, values);
      return [usual.map((one) => one.name), rare.map((one) => one.name)];
    };

    expect(names(USUAL)).toEqual([["kind", "size", "points"], ["sigma", "sigma_px"]]);
    expect(names({ ...USUAL, sigma: "equal_moment" })[1]).toEqual(["sigma"]);
    expect(names({ ...USUAL, kind: "disk" })[1]).toEqual([]);
  });
});
