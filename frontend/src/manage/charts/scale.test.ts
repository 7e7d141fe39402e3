import { describe, expect, it } from "vitest";

import { countTicks, everyDay, share } from "./scale";

describe("countTicks", () => {
  it.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [97, [0, 50, 100]],
    [1234, [0, 500, 1000, 1500]],
  ])("reaches %i with round whole numbers", (max, expected) => {
    expect(countTicks(max)).toEqual(expected);
  });
});

describe("everyDay", () => {
  it("shows a day without work as zero, across the end of a month", () => {
    expect(
      everyDay(
        [
          { date: "2026-11-29", count: 4 },
          { date: "2026-12-01", count: 2 },
        ],
        60,
        1,
      ),
    ).toEqual([
      { date: "2026-11-29", count: 4 },
      { date: "2026-11-30", count: 0 },
      { date: "2026-12-01", count: 2 },
    ]);
  });

  it("keeps the newest days when there are too many", () => {
    const days = everyDay(
      [
        { date: "2026-01-01", count: 1 },
        { date: "2026-12-31", count: 9 },
      ],
      3,
    );

    expect(days.map((day) => day.date)).toEqual(["2026-12-29", "2026-12-30", "2026-12-31"]);
  });

  it("shows the days before a first day of work as zero", () => {
    expect(everyDay([{ date: "2026-11-20", count: 4 }], 60, 3)).toEqual([
      { date: "2026-11-18", count: 0 },
      { date: "2026-11-19", count: 0 },
      { date: "2026-11-20", count: 4 },
    ]);
  });

  it("is empty without days", () => {
    expect(everyDay([])).toEqual([]);
  });
});

describe("share", () => {
  it("places a value on its range and holds it inside", () => {
    expect(share(0.25, 0, 1)).toBe(0.25);
    expect(share(0, -1, 1)).toBe(0.5);
    expect(share(3, 0, 1)).toBe(1);
  });
});
