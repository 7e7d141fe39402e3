import { expect, test } from "vitest";

import { agreementCsv } from "@/manage/overview/agreementCsv";

test("each measure has columns of its own, empty where a question has none", () => {
  const csv = agreementCsv([
    {
      id: "overall",
      type: "preference",
      level: "nominal",
      n: 6,
      alpha: 0.402,
      interval: [0.1, 0.7],
      no_interval: null,
      undefined: null,
      not_applicable: 0.25,
      further: [
        {
          name: "fleiss_kappa",
          estimate: { value: 0.367, n: 6, interval: [0.05, 0.65], undefined: null, no_interval: null },
        },
      ],
      places: null,
      regions: {
        iou: { value: 0.5, n: 3, interval: null, undefined: null, no_interval: null },
        corrected: { value: 0.25, n: 3, interval: null, undefined: null, no_interval: null },
        sampled: false,
      },
    },
  ]);

  const [head, row] = csv.trim().split("\n").map((line) => line.trim().split(","));
  const told = Object.fromEntries((head ?? []).map((name, place) => [name, row?.[place]]));
  expect(told).toMatchObject({
    alpha: "0.402",
    not_applicable: "0.25",
    fleiss_kappa: "0.367",
    fleiss_kappa_low_95: "0.05",
    fleiss_kappa_high_95: "0.65",
    iou: "0.5",
    same_regions: "0.25",
    icc_1_1: "",
    kendall_w_high_95: "",
  });
});
