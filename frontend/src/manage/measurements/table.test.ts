import { describe, expect, it } from "vitest";

import type { MeasuredImage } from "@/api/types";

import { filtered, sorted, summaries, summary } from "./table";

function image(id: string, generator: string, sharpness: number | null): MeasuredImage {
  return {
    image: { id, url: "", thumbnail_url: "", generator, prompt: "", width: 1, height: 1 },
    values: [
      {
        metric: "sharpness",
        version: "1",
        value: sharpness,
        state: sharpness === null ? "failed" : "done",
        error: "",
      },
    ],
  };
}

const IMAGES = [image("p", "x", 3), image("q", "y", null), image("r", "x", 1)];

describe("measured images", () => {
  it("are sorted with the unmeasured last, both ways", () => {
    const ids = (descending: boolean) =>
      sorted(IMAGES, { metric: "sharpness", descending }).map((one) => one.image.id);

    expect(ids(false)).toEqual(["r", "p", "q"]);
    expect(ids(true)).toEqual(["p", "r", "q"]);
  });

  it("are filtered by generator, failure and nearness", () => {
    const ids = (generator: string | null, only: "all" | "failed" | "near") =>
      filtered(IMAGES, { generator, only }, new Map([["r", 1]])).map((one) => one.image.id);

    expect(ids("x", "all")).toEqual(["p", "r"]);
    expect(ids(null, "failed")).toEqual(["q"]);
    expect(ids(null, "near")).toEqual(["r"]);
  });

  it("are averaged per generator, with n", () => {
    const means = summaries(IMAGES, ["sharpness", "contrast"]);

    expect(means.get("x")?.get("sharpness")).toEqual({ n: 2, mean: 2, deviation: Math.SQRT2 });
    expect(means.get("x")?.has("contrast")).toBe(false);
    expect(means.get("y")?.size).toBe(0);
  });

  it("have no deviation when there is one value", () => {
    expect(summary([5])).toEqual({ n: 1, mean: 5, deviation: null });
  });
});
