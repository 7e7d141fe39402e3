import { describe, expect, it } from "vitest";


import { grouped, isChoosable } from "./groups";
import type { Metric } from "./queries";

function metric(
  name: string,
  grain: Metric["grain"],
  needs: Metric["needs"] = [],
  available = true,
): Metric {
  return {
    name,
    grain,
    needs,
    available,
    version: "1",
    unit: "",
    range: [null, null],
    direction: "higher",
    description: "",
    family: "",
    weights: null,
    network: null,
    unavailable: available ? [] : [{ code: "weights_missing", params: {}, message: "" }],
  };
}

describe("the catalog in groups", () => {
  it("keeps reward models apart from metrics of the image alone, and the ready ones first", () => {
    const groups = grouped([
      metric("fid", "set"),
      metric("aesthetics", "image", ["weights"], false),
      metric("clip_score", "image", ["prompt", "weights"]),
      metric("sharpness", "image"),
      metric("psnr", "pair", ["reference"]),
    ]);

    expect(groups.map(([group, members]) => [group, members.map((one) => one.name)])).toEqual([
      ["image", ["sharpness", "aesthetics"]],
      ["pair", ["psnr"]],
      ["prompt", ["clip_score"]],
      ["set", ["fid"]],
    ]);
  });

  it("offers to choose what is measured of single images and pairs", () => {
    const all = (["image", "pair", "set", "generator"] as const).map((grain) => metric(grain, grain));

    expect(all.filter(isChoosable).map((one) => one.name)).toEqual(["image", "pair"]);
  });
});
