import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import type { Estimate, MetricAgreement } from "./queries";
import { cellCsv, disagreementsCsv, poweredCsv, replaceableCsv, rivalsCsv, rowsCsv, stepsCsv } from "./tables";

const of = (value: number, interval: number[] | null = null): Estimate => ({
  value,
  n: 9,
  interval,
  undefined: null,
  no_interval: null,
});

const ROW = {
  dimension: "overall",
  metric: "psnr",
  version: "1",
  pooled: { srcc: of(0.5, [0.25, 0.75]), plcc: of(0.4), tau_b: of(0.3) },
  per_prompt: { srcc: of(0.7), plcc: of(0.8), tau_b: of(0.9) },
  accuracy: { raw: of(0.6), calibrated: of(0.65) },
  ceiling: of(0.95),
  human_accuracy: of(0.75),
  by_generator: { srcc: of(1), p: null, n: 2 },
} as unknown as MetricAgreement;

const lines = (text: string) => text.slice(1).trimEnd().split("\r\n");

describe("metrics and people as CSV", () => {
  it("have a line a statistic, accuracies once", () => {
    expect(lines(rowsCsv([ROW]))).toEqual([
      "question,metric,version,statistic,grouping,n,value,low_95,high_95",
      "overall,psnr,1,srcc,pooled,9,0.5,0.25,0.75",
      "overall,psnr,1,srcc,per_prompt,9,0.7,,",
      "overall,psnr,1,plcc,pooled,9,0.4,,",
      "overall,psnr,1,plcc,per_prompt,9,0.8,,",
      "overall,psnr,1,tau_b,pooled,9,0.3,,",
      "overall,psnr,1,tau_b,per_prompt,9,0.9,,",
      "overall,psnr,1,raw,,9,0.6,,",
      "overall,psnr,1,calibrated,,9,0.65,,",
    ]);
  });

  it("have a generator's rate by votes and with the metric", () => {
    const rows = [
      {
        generator: "painter", votes: 72, pairs: 96, worth: 37, alone: of(0.6, [0.5, 0.7]), powered: of(0.55),
        elo_alone: of(1080, [1000, 1160]), elo_powered: of(1040), elo_worth: 40,
      }, // prettier-ignore
    ];
    const found = { dimension: "overall", metric: "psnr", pairs: 96, rows } as unknown as Schemas["PoweredRates"];

    expect(lines(poweredCsv(found)).slice(1)).toEqual([
      "overall,psnr,painter,alone,72,96,0.6,0.5,0.7,,1080,1000,1160,",
      "overall,psnr,painter,powered,72,96,0.55,,,37,1040,,,40",
    ]);
  });

  it("have a metric against each person", () => {
    const against = [{ id: 7, name: "ann", n: 90, prompts: 45, metric: 0.8, own: 0.75, p: 0.004, won: true }];
    const row = { metric: "psnr", version: "1", passes: true, winning_rate: 0.5, advantage: of(0.8, [0.7, 0.9]), against };
    const found = { dimension: "overall", rows: [row] } as unknown as Schemas["ReplaceableMetrics"];

    expect(lines(replaceableCsv(found)).slice(1)).toEqual([
      "overall,psnr,1,true,0.5,0.8,0.7,0.9,ann,90,45,0.8,0.75,0.004,true",
    ]);
  });

  it("have people and each metric at each step", () => {
    const found = {
      dimension: "overall",
      against: "before",
      steps: [{ step: 100, images: 9, people: of(0.5, [0.4, 0.6]) }],
      metrics: [{ metric: "psnr", means: [of(30)] }],
    } as unknown as Schemas["MetricsBySteps"];

    expect(lines(stepsCsv(found)).slice(1)).toEqual([
      "overall,before,people,100,9,0.5,0.4,0.6",
      "overall,before,psnr,100,9,30,,",
    ]);
  });

  it("have one cell's numbers beside people's own", () => {
    expect(lines(cellCsv(ROW)).slice(-3)).toEqual([
      "overall,psnr,1,people_ceiling,,9,0.95,,",
      "overall,psnr,1,people_accuracy,,9,0.75,,",
      "overall,psnr,1,srcc,by_generator,9,1,,",
    ]);
  });

  it("have two metrics and their difference, with the tests of it", () => {
    const found = {
      dimension: "overall",
      first: "psnr",
      second: "ssim",
      correlations: [
        {
          coefficient: "srcc",
          first: of(0.5),
          second: of(0.4),
          mutual: of(0.9),
          difference: of(0.1, [-0.05, 0.25]),
          p: 0.2,
          williams: { t: 1.5, degrees: 6, p: 0.18 },
        },
      ],
    } as unknown as Schemas["RivalMetrics"];

    expect(lines(rivalsCsv(found)).slice(1)).toEqual([
      "overall,srcc,psnr,9,0.5,,,,,,",
      "overall,srcc,ssim,9,0.4,,,,,,",
      "overall,srcc,mutual,9,0.9,,,,,,",
      "overall,srcc,difference,9,0.1,-0.05,0.25,0.2,1.5,6,0.18",
    ]);
  });

  it("have a line an image of what they disagree on, ∞ as programs read it", () => {
    const one = {
      item: "i-1",
      key: "p1",
      prompt: "a cat",
      images: [
        { image: { id: "m-1", generator: "a" }, human: 0.9, metric: null, infinite: true },
        { image: { id: "m-2", generator: "b" }, human: 0.1, metric: 31.5, infinite: false },
      ],
    } as unknown as Schemas["Disagreement"];

    expect(lines(disagreementsCsv(ROW, [one])).slice(1)).toEqual([
      "overall,psnr,1,i-1,p1,a cat,m-1,a,0.9,inf",
      "overall,psnr,1,i-1,p1,a cat,m-2,b,0.1,31.5",
    ]);
  });
});
