import { describe, expect, it } from "vitest";

import { bytes, day, duration, fixed, measured, percent, spread } from "./format";

describe("formats", () => {
  it.each([
    [0, "0 byte"],
    [999, "999 byte"],
    [1_500, "1.5 kB"],
    [8_388_608, "8.4 MB"],
    [123_456_789, "123 MB"],
  ])("writes %i bytes", (count, expected) => {
    expect(bytes(count, "en")).toBe(expected);
  });

  it.each([
    [5_400, "5.4 sec"],
    [61_000, "61 sec"],
    [600_000, "10 min"],
    [86_400_000, "24 hr"],
  ])("writes %i milliseconds", (ms, expected) => {
    expect(duration(ms, "en")).toBe(expected);
  });

  it.each([
    [860.21, 663.2, "860 ± 663"],
    [0.21281, 0.06064, "0.213 ± 0.061"],
    [58.46, 21.59, "58 ± 22"],
    [3.25, 0, "3.25"],
    [-0.0412, 0, "-0.0412"],
    [12345.6, null, "12,350"],
  ])("writes %f ± %f with as many decimals as the deviation tells", (mean, deviation, expected) => {
    expect(spread(mean, deviation, "en")).toBe(expected);
  });

  it("writes shares, measured values and days in both languages", () => {
    expect(percent(0.256, "en")).toBe("26%");
    expect(measured(12345.678, "en")).toBe("12,350");
    expect(fixed(0.5, "en", 2)).toBe("0.50");
    expect(day("2026-11-20", "en")).toBe("Nov 20");
    expect(day("2026-11-20", "zh-Hans")).toBe("11月20日");
  });
});
