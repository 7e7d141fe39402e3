import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { batchesCsv, curveCsv, errorsCsv } from "./tables";

const lines = (text: string) => text.slice(1).trimEnd().split("\r\n");

describe("a batch as CSV", () => {
  it("has its errors as a whole, then by person", () => {
    const qc = {
      answers: 30,
      reviewed: 10,
      rejected: 1,
      error_rate: 0.1,
      interval: [0.01, 0.4],
      annotators: [
        { id: 4, name: "Anna", answers: 30, reviewed: 0, rejected: 0, error_rate: null, interval: null },
      ],
    } as unknown as Schemas["BatchQc"];

    expect(lines(errorsCsv(qc))).toEqual([
      "id,name,answers,reviewed,rejected,error_rate,low_95,high_95",
      ",,30,10,1,0.1,0.01,0.4",
      "4,Anna,30,0,0,,,",
    ]);
  });

  it("has the points of its curve", () => {
    expect(lines(curveCsv([{ errors: 0, passes: 1 }, { errors: 0.05, passes: 0.75 }]))).toEqual([
      "errors,passes",
      "0,1",
      "0.05,0.75",
    ]);
  });

  it("is a line among the batches", () => {
    const batch = {
      id: 2,
      name: "",
      filename: "b,1.zip",
      state: "done",
      items: 5,
      images: 10,
      problem_count: 0,
      measured: { done: 9, failed: 1, total: 10 },
      verdict: "open",
      created_at: "2026-11-01T09:00:00Z",
      created_by: { id: 1, username: "lead", display_name: "Lead" },
    } as unknown as Schemas["Batch"];

    expect(lines(batchesCsv([batch]))[1]).toBe(
      '2,,"b,1.zip",done,5,10,0,9,1,10,open,2026-11-01T09:00:00Z,lead',
    );
  });
});
