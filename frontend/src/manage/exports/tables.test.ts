import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { previewCsv } from "./tables";

describe("the preview of an export as CSV", () => {
  it("has each count with how many items it was counted over", () => {
    const preview: Schemas["ExportPreview"] = {
      rows: [],
      items: 40,
      seen: 30,
      row_count: 25,
      counts: [{ by: "dimensions", counts: { overall: 25 } }],
      skipped: [{ code: "unanswered", count: 2 }],
      settled: 38,
      questions: [
        { question: "overall", kind: "preference", answered: 38, decided: { a: 20, tie: 3 }, undecided: 15 },
        { question: "quality", kind: "rating", answered: 38, decided: {}, undecided: null },
      ],
      not_settled: 2,
      excluded: 1,
      overridden: 0,
      warnings: [],
      empty: null,
    };

    expect(previewCsv(preview).slice(1).trimEnd().split("\r\n")).toEqual([
      "of,what,count,seen",
      "items,,40,40",
      "rows,,25,30",
      "skipped,unanswered,2,30",
      "not_settled,,2,",
      "excluded,,1,",
      "overridden,,0,38",
      "dimensions,overall,25,30",
      "overall,answered,38,38",
      "overall,a,20,38",
      "overall,tie,3,38",
      "overall,undecided,15,38",
      "quality,answered,38,38",
    ]);
  });
});
