import { describe, expect, it } from "vitest";

import { linesOf } from "./historyLines";

const LEAD = { id: 1, name: "Lee" };
const event = (at: string, cause: string) => ({
  at,
  slot: 0,
  from_state: "open" as const,
  to_state: "withdrawn" as const,
  cause,
  reason: "",
  annotator: null,
  actor: LEAD,
});

describe("an item's history", () => {
  it("stands newest first, with what was done above what became of the places by it", () => {
    const lines = linesOf({
      history: [event("2026-11-29T10:00:00Z", "claim"), event("2026-11-29T10:05:00Z", "excluded")],
      actions: [
        { at: "2026-11-29T10:05:00Z", verb: "item.excluded", by: LEAD, reason: "blurred" },
        { at: "2026-11-29T10:09:00Z", verb: "item.included", by: LEAD, reason: "" },
      ],
    });
    expect(lines.map(({ cause, slot, reason }) => [cause, slot, reason])).toEqual([
      ["item.included", null, ""],
      ["item.excluded", null, "blurred"],
      ["excluded", 0, ""],
      ["claim", 0, ""],
    ]);
  });
});
