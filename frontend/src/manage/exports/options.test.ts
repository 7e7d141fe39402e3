import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { changed, defaults, filledIn, fits, laidOut, misfits } from "./options";

type Option = Schemas["ExportOption"];

function option(given: Pick<Option, "name" | "type" | "default"> & Partial<Option>): Option {
  return {
    choices: [], minimum: null, maximum: null, whole: false, rare: false, needs: {}, help: "",
    ...given,
  }; // prettier-ignore
}

const SPLIT = option({ name: "split", type: "split", default: "90/5/5" });
const GAUSSIAN = { kind: "gaussian" };
const HEATMAPS: Schemas["ExportFormat"] = {
  name: "heatmaps",
  version: "2",
  group: "marks",
  title: "",
  use: "",
  reason: null,
  options: [
    option({ name: "kind", type: "choice", default: "gaussian", choices: ["gaussian", "disk"] }),
    option({ name: "sigma", type: "choice", default: "px", choices: ["equal_moment", "px"], rare: true, needs: GAUSSIAN }),
    option({ name: "sigma_px", type: "number", default: 12.8, minimum: 0.1, maximum: 1024, rare: true, needs: { ...GAUSSIAN, sigma: "px" } }),
    option({ name: "size", type: "number", default: 512, minimum: 64, maximum: 1024, whole: true }),
    option({ name: "points", type: "bool", default: true }),
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
