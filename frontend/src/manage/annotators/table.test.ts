import { describe, expect, it } from "vitest";

import type { Estimate, Numbers } from "./queries";
import { daysCsv, minutesCsv, numbersCsv, timesCsv } from "./table";

const of = (value: number | null, n: number, interval: number[] | null = null): Estimate => ({
  value,
  n,
  interval,
  undefined: value === null ? { code: "too_few", params: {}, message: "" } : null,
  no_interval: null,
});

const none = of(null, 0);

const NUMBERS = {
  agreement: of(0.8, 40, [0.7, 0.9]),
  skill: none,
  reliability: none,
  reviewers: none,
  left_share: of(0.5, 40),
  straight_lines: none,
  halo: none,
  circles: none,
  most_given: none,
  self_consistency: of(1, 3),
  rating_bias: none,
  rating_spread: none,
  median_ms: of(2500, 40),
  rushed: none,
  longest_run: 6,
  by_minute: [{ from_minute: 0, agreement: of(0.75, 8, [0.4, 0.95]) }],
  times: [5, 0, 0, 0, 0, 0, 0, 2],
} as unknown as Numbers;

const lines = (text: string) => text.slice(1).trimEnd().split("\r\n");

describe("a person's numbers as CSV", () => {
  it("have a line a measure, with the reason where there is no value", () => {
    const found = lines(numbersCsv(NUMBERS));

    expect(found[0]).toBe("measure,value,n,low_95,high_95,undefined");
    expect(found[1]).toBe("agreement,0.8,40,0.7,0.9,");
    expect(found[2]).toBe("skill,,0,,,too_few");
    expect(found).toContain("self_consistency,1,3,,,");
    expect(found.at(-1)).toBe("longest_run,6,40,,,");
  });

  it("have a line a stretch of minutes, a day and a class of times", () => {
    expect(lines(minutesCsv(NUMBERS))).toEqual([
      "from_minute,agreement,n,low_95,high_95",
      "0,0.75,8,0.4,0.95",
    ]);
    expect(lines(daysCsv({ by_day: [{ date: "2026-11-01", left: 3, n: 5 }] }))).toEqual([
      "date,left,n",
      "2026-11-01,3,5",
    ]);
    const times = lines(timesCsv(NUMBERS));
    expect(times[1]).toBe("0,2,5");
    expect(times.at(-1)).toBe("128,,2");
  });
});
