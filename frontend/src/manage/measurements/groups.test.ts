import { describe, expect, it } from "vitest";

import type { Metric } from "@/api/metrics";

import { grouped, isChoosable } from "./groups";

function metric(name: string, grain: string, needs: string[] = [], available = true): Metric {
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
    why_not: available ? "" : "no weights",
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
    const all = ["image", "pair", "set", "generator"].map((grain) => metric(grain, grain));

    expect(all.filter(isChoosable).map((one) => one.name)).toEqual(["image", "pair"]);
  });
});
