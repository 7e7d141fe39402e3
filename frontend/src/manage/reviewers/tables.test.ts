import { describe, expect, it } from "vitest";

import type { Agreement } from "./queries";
import { alikeCsv, disagreementsCsv } from "./tables";

const FOUND: Agreement = {
  share: 0.05,
  reviewed: 100,
  drawn: 5,
  judged: 4,
  agreed: 3,
  agreement: 0.75,
  interval: [0.3, 0.95],
  ac1: { value: 0.6, n: 4, interval: null, undefined: null, no_interval: null },
  pairs: [
    { first: "accept", second: "accept", count: 3 },
    { first: "accept", second: "reject", count: 1 },
  ],
  open: 1,
  disagreements: [
    {
      review: 1,
      annotation: "a-1",
      item: "i-1",
      prompt: "a cat",
      batch: 2,
      batch_name: "first",
      annotator: { id: 3, name: "Anna" },
      first: "accept",
      first_by: { id: 4, name: "Rea" },
      second: "reject",
      second_by: { id: 5, name: "Rob" },
      second_reason: "=wrong",
      at: "2026-11-01T09:00:00Z",
      stands: "accept",
      settled_at: null,
      settled_by: null,
    },
  ],
};

const lines = (text: string) => text.slice(1).trimEnd().split("\r\n");

describe("the reviewers' card as CSV", () => {
  it("has a line a number", () => {
    expect(lines(alikeCsv(FOUND))).toEqual([
      "measure,value,n,low_95,high_95",
      "reviewed,100,,,",
      "drawn,5,,,",
      "judged,4,,,",
      "agreement,0.75,4,0.3,0.95",
      "ac1,0.6,4,,",
      "accept_accept,3,,,",
      "accept_reject,1,,,",
    ]);
  });

  it("has a line a disagreement, and runs none of its reasons", () => {
    expect(lines(disagreementsCsv(FOUND))[1]).toBe(
      "i-1,a cat,2,a-1,Anna,accept,Rea,reject,Rob,'=wrong,2026-11-01T09:00:00Z,accept,,",
    );
  });
});
