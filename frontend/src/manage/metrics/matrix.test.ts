import { describe, expect, it } from "vitest";


import { ceilingOf, estimateOf, matrixOf, ranked, scaleOf, tells } from "./matrix";
import type { Estimate, MetricAgreement } from "./queries";

function of(value: number | null, half = 0.1): Estimate {
  const undefined_ = { code: "constant_side", params: {}, message: "" };
  if (value === null) return { value, n: 9, interval: null, undefined: undefined_, no_interval: null };
  return { value, n: 9, interval: [value - half, value + half], undefined: null, no_interval: null };
}

function row(metric: string, dimension: string, srcc: number | null): MetricAgreement {
  return {
    dimension,
    metric,
    version: "1",
    direction: "higher",
    title: dimension,
    kind: "rating",
    human_unit: "image",
    n_items: 9,
    n_images: 9,
    n_prompts: 3,
    notes: [],
    pooled: { srcc: of(srcc), plcc: of(0.2), tau_b: of(0.3), groups: 0 },
    per_prompt: { srcc: of(0.7), plcc: of(0.8), tau_b: of(0.9), groups: 3 },
    accuracy: {
      raw: of(0.6),
      calibrated: of(0.65),
      epsilon: 0.08,
      n_pairs: 9,
      held_out: true,
      compared: "within_prompts",
      notes: [],
    },
    ceiling: of(0.866),
    human_accuracy: of(0.75),
    by_generator: { srcc: of(null), p: null, n: 2 },
  };
}

const ROW = row("sharpness", "overall", 0.1);

describe("a cell's number", () => {
  it("is the pooled or the per-prompt correlation, or an accuracy", () => {
    expect(estimateOf(ROW, "srcc", "pooled").value).toBe(0.1);
    expect(estimateOf(ROW, "srcc", "per_prompt").value).toBe(0.7);
    expect(estimateOf(ROW, "calibrated", "pooled").value).toBe(0.65);
    expect(estimateOf(ROW, "calibrated", "per_prompt").value).toBe(0.65);
  });

  it("stands below the ceiling of its own kind", () => {
    expect(ceilingOf(ROW, "plcc")?.value).toBe(0.866);
    expect(ceilingOf(ROW, "raw")?.value).toBe(0.75);
    expect(ceilingOf(ROW, "tau_b")).toBeNull();
  });

  it("tells something when its interval leaves chance out", () => {
    expect(tells(of(0.2), scaleOf("srcc"))).toBe(true);
    expect(tells(of(0.05), scaleOf("srcc"))).toBe(false);
    expect(tells(of(-0.2), scaleOf("srcc"))).toBe(true);
    expect(tells(of(0.55), scaleOf("raw"))).toBe(false);
    expect(tells(of(null), scaleOf("raw"))).toBe(false);
  });
});

describe("the matrix", () => {
  const matrix = matrixOf([ROW, row("ssim", "overall", null), row("psnr", "overall", 0.4)]);

  it("ranks metrics by one dimension, those without a number last", () => {
    expect(ranked(matrix, "overall", "srcc", "pooled")).toEqual(["psnr", "sharpness", "ssim"]);
  });

  it("has cells only where there is something", () => {
    expect(matrix.dimensions).toEqual(["overall"]);
    expect(matrix.cell("psnr", "overall")?.pooled.srcc.value).toBe(0.4);
    expect(matrix.cell("psnr", "aesthetics")).toBeUndefined();
  });
});
