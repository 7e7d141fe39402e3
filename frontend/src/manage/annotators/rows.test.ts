import { describe, expect, it } from "vitest";

import type { Annotators } from "./queries";
import { fits, rowsOf } from "./rows";

const standing = (id: number, name: string, paused: string | null = null) => ({
  id,
  name,
  membership: id,
  paused_at: paused,
  note: "",
  holding: 0,
});

const portrait = (id: number, name: string, findings: object[] = []) => ({
  id,
  name,
  last_answer_at: "2026-11-01T09:00:00Z",
  numbers: { findings },
  by_day: [],
});

const both = {
  report: {
    annotators: [portrait(2, "Zoe", [{ code: "tires" }]), portrait(9, "Gone")],
    answers: 3,
    computed_at: "2026-11-01T09:00:00Z",
  },
  standing: [standing(1, "Anna", "2026-11-01T09:00:00Z"), standing(2, "Zoe")],
} as unknown as Annotators;

describe("the annotators' rows", () => {
  const rows = rowsOf(both);

  it("keep the server's order, and put who has not answered last", () => {
    expect(rows.map(({ name }) => name)).toEqual(["Zoe", "Gone", "Anna"]);
    expect(rows.map((row) => row.standing !== null)).toEqual([true, false, true]);
  });

  it.each([
    ["all", "", ["Zoe", "Gone", "Anna"]],
    ["hints", "", ["Zoe"]],
    ["paused", "", ["Anna"]],
    ["all", " zO", ["Zoe"]],
  ] as const)("are those that fit %s and “%s”", (filter, search, names) => {
    expect(rows.filter((row) => fits(row, filter, search)).map(({ name }) => name)).toEqual(names);
  });
});
