import { expect, it } from "vitest";

import { paceOf } from "./pace";

it("is the median time from an answer to the next, of today and without breaks", () => {
  const yesterday = [0, 1_000, 2_000];
  const today = [100_000, 110_000, 116_000, 120_000, 128_000, 1_128_000];

  // 10, 6, 4 and 8 seconds; the last gap was a break.
  expect(paceOf([...today, ...yesterday], 100_000)).toBe(7_000);
  expect(paceOf(today.slice(0, 4), 100_000)).toBe(6_000);
});

it("is not told of a few answers", () => {
  expect(paceOf([0, 5_000, 9_000], 0)).toBeNull();
});
