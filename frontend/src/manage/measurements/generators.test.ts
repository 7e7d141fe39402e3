import { describe, expect, it } from "vitest";


import { generatorsCsv, ordered, places, reach, type Row, turned } from "./generators";
import type { Metric } from "./queries";

function metric(name: string, direction: Metric["direction"]): Metric {
  return {
    name,
    direction,
    version: "1",
    unit: "",
    range: [null, null],
    needs: [],
    description: "",
    grain: "image",
    family: "",
    weights: null,
    network: null,
    available: true,
    unavailable: [],
  };
}

function row(generator: string, mean: number | null, half = 0.5): Row {
  return {
    generator,
    images: 4,
    metrics: [
      {
        metric: "m",
        version: "1",
        n: mean === null ? 0 : 4,
        failed: 0,
        infinite: 0,
        cap: null,
        mean,
        sd: mean === null ? null : 1,
        low: mean === null ? null : mean - half,
        high: mean === null ? null : mean + half,
        reason: null,
      },
    ],
  };
}

const ROWS = [row("b", 2), row("a", null), row("c", 5), row("d", 4.5)];
const names = (rows: readonly Row[]) => rows.map((one) => one.generator);

describe("the table of generators", () => {
  it("is in the order of names at first", () => {
    expect(names(ordered(ROWS, null))).toEqual(["a", "b", "c", "d"]);
  });

  it("has the unmeasured last, both ways", () => {
    expect(names(ordered(ROWS, { metric: "m", descending: true }))).toEqual(["c", "d", "b", "a"]);
    expect(names(ordered(ROWS, { metric: "m", descending: false }))).toEqual(["b", "d", "c", "a"]);
  });

  it("shows the better first when a column is pressed, then the worse", () => {
    const first = turned(null, metric("m", "lower"));

    expect(first).toEqual({ metric: "m", descending: false });
    expect(turned(first, metric("m", "lower"))).toEqual({ metric: "m", descending: true });
    expect(turned(first, metric("n", "higher"))).toEqual({ metric: "n", descending: true });
  });

  it("is written out with every number, and no formula", () => {
    const lines = generatorsCsv([row("=1+1", 2)]).split("\r\n");

    expect(lines[0]).toContain("generator,images,metric,version,n,failed,infinite,mean,sd,low_95,high_95");
    expect(lines[1]).toBe("'=1+1,4,m,1,4,0,0,2,1,1.5,2.5");
  });
});

describe("the best generator", () => {
  it("is the highest or the lowest, as the metric says", () => {
    expect([...places(ROWS, metric("m", "higher"))]).toEqual([["c", "best"], ["d", "level"]]);
    expect([...places(ROWS, metric("m", "lower"))]).toEqual([["b", "best"]]);
  });

  it("is none of those where neither way is better, nor of one alone", () => {
    expect(places(ROWS, metric("m", null)).size).toBe(0);
    expect(places([row("a", null), row("b", 1)], metric("m", "higher")).size).toBe(0);
  });

  it("shares its place with its equals, also without intervals", () => {
    const alone = (name: string): Row => {
      const one = row(name, 3);
      return { ...one, metrics: one.metrics.map((m) => ({ ...m, low: null, high: null })) };
    };

    expect([...places([alone("a"), alone("b")], metric("m", "higher"))]).toEqual([
      ["a", "best"],
      ["b", "level"],
    ]);
  });
});

describe("a column's scale", () => {
  it("reaches over all intervals, and stands for one value", () => {
    expect(reach(ROWS, "m")).toEqual([1.5, 5.5]);
    expect(reach([row("a", 3, 0)], "m")).toEqual([2, 4]);
    expect(reach([row("a", null)], "m")).toBeNull();
  });
});
