import { describe, expect, it } from "vitest";


import type { SetMeasurement } from "./queries";
import { bestOf, referencesCsv, setsCsv, setTables } from "./sets";

function measured(metric: string, generator: string, value: number | null, more = {}): SetMeasurement {
  return {
    id: 1,
    metric,
    version: "1",
    generator,
    reference: { id: 7, name: "COCO val" },
    zero_shot: true,
    n: 40,
    n_reference: 5000,
    value,
    spread: null,
    state: value === null ? "failed" : "done",
    reasons: [],
    network: "inception",
    device: "cpu",
    dtype: "float32",
    weights: "",
    at: null,
    ...more,
  };
}

const few = {
  code: "singular_covariance",
  params: { images: ["40"], dimensions: 2048 },
  message: "40 images are fewer than the 2048 features.",
} as const;

describe("measured sets", () => {
  const tables = setTables([
    measured("fid", "b", 30, { reasons: [few] }),
    measured("fid", "a", 20, { reasons: [few] }),
    measured("kid", "a", null),
    measured("is", "a", 9, { reference: null, zero_shot: false }),
  ]);

  it("make one table a reference, generators and metrics by name", () => {
    expect(tables.map((table) => [table.reference?.name, table.generators, table.metrics])).toEqual([
      ["COCO val", ["a", "b"], ["fid", "kid"]],
      [undefined, ["a"], ["is"]],
    ]);
    expect(tables[0]?.cell("b", "fid")?.value).toBe(30);
    expect(tables[0]?.cell("b", "kid")).toBeUndefined();
  });

  it("say each warning once, with whom it is about", () => {
    expect(tables[0]?.warnings).toEqual([{ reason: few, generators: ["a", "b"] }]);
  });

  it("are written out a line a value or a failure", () => {
    const [table] = tables;

    expect(table && setsCsv(table).slice(1).trimEnd().split("\r\n")).toEqual([
      "generator,metric,version,reference,n,n_reference,value,spread,state,reasons,network,device,dtype,weights,at",
      "a,fid,1,COCO val,40,5000,20,,done,singular_covariance,inception,cpu,float32,,",
      "a,kid,1,COCO val,40,5000,,,failed,,inception,cpu,float32,,",
      "b,fid,1,COCO val,40,5000,30,,done,singular_covariance,inception,cpu,float32,,",
    ]);
  });

  it("have a best value by the direction, where there are two", () => {
    const [table] = tables;

    expect(table && bestOf(table, "fid", "lower")).toBe(20);
    expect(table && bestOf(table, "fid", "higher")).toBe(30);
    expect(table && bestOf(table, "fid", null)).toBeNull();
    expect(table && bestOf(table, "kid", "lower")).toBeNull();
  });
});

describe("references as CSV", () => {
  it("have a line each, and say nothing where nobody knows", () => {
    const text = referencesCsv([
      {
        id: 3,
        name: "COCO, val",
        source: "statistics",
        network: "inception",
        n: null,
        zero_shot: true,
        sha256: "ab",
        created_at: "2026-11-01T09:00:00Z",
      },
    ]);

    expect(text.slice(1).trimEnd().split("\r\n")).toEqual([
      "id,name,source,network,n,zero_shot,sha256,created_at",
      '3,"COCO, val",statistics,inception,,true,ab,2026-11-01T09:00:00Z',
    ]);
  });
});
