import { describe, expect, it } from "vitest";

import { metrics } from "@/i18n/zh-Hans/metrics";

import { recognised, sentences } from "./serverWords";

describe("the server's words", () => {
  it("are recognised with what is in them", () => {
    expect(recognised("People prefer a (67%); sharpness prefers b.")).toEqual({
      key: "prefer",
      values: { a: "a", share: "67", metric: "sharpness", b: "b" },
    });
    expect(recognised("Fewer than 5 settled items with values of psnr: 2.")?.values).toEqual({
      least: "5",
      metric: "psnr",
      n: "2",
    });
  });

  it("are left alone when nobody knows them", () => {
    expect(recognised("the moon is full")).toBeNull();
  });

  it("come one sentence at a time", () => {
    const note = "Lower is better: its values are negated here. Accuracy is of 200000 pairs drawn at random.";

    expect(sentences(note).map((one) => recognised(one)?.key)).toEqual(["negated", "drawn-pairs"]);
    expect(sentences("")).toEqual([]);
  });

  it("take up every value in the translation", () => {
    const said = recognised("n = 40, where 50,000 are usual: few images make the score too low.");

    expect(metrics.said["low-score"]).toContain("{{usual}}");
    expect(said?.values).toEqual({ n: "40", usual: "50,000" });
  });
});
