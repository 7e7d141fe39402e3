import { describe, expect, it } from "vitest";

import type { ExportPreview } from "@/api/exports";

import { byReason, groupsOf, rowsAhead } from "./counts";

describe("what is left out", () => {
  it("is added up by reason over all questions, the most first, and nothing that is none", () => {
    const leftOut = {
      dimensions: { overall: { tie: 2, no_majority: 1 }, detail_quality: { tie: 3 } },
      maps_nobody_answered: 0,
    };

    expect(byReason(leftOut)).toEqual([
      { name: "tie", count: 5 },
      { name: "no_majority", count: 1 },
    ]);
    expect(byReason({})).toEqual([]);
  });
});

describe("what a format counts", () => {
  it("comes in groups, numbers by themselves last", () => {
    const counts = { tied_tokens: 2, sets: { train: { train: 4, "train-plain": 4 } } };

    expect(groupsOf(counts)).toEqual([
      { by: "sets", counts: [{ name: "train", count: 4 }, { name: "train-plain", count: 4 }] },
      { by: "others", counts: [{ name: "tied_tokens", count: 2 }] },
    ]);
  });
});

describe("the rows ahead", () => {
  const look = (items: number, seen: number, rows: number) =>
    rowsAhead({ items, seen, sample_rows: rows } as ExportPreview);

  it("are known where all items were seen, and estimated from those seen else", () => {
    expect(look(3, 3, 5)).toEqual({ rows: 5, exact: true });
    expect(look(66, 12, 10)).toEqual({ rows: 55, exact: false });
  });
});
