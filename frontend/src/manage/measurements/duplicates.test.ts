import { describe, expect, it } from "vitest";

import { nearDuplicates, ones } from "./duplicates";

describe("nearDuplicates", () => {
  it("pairs hashes up to eight bits apart, and names the nearest", () => {
    const near = nearDuplicates([
      { id: "a", hash: "ff00000000000000" },
      { id: "b", hash: "ff0000000000000f" },
      { id: "c", hash: "ff000000000000ff" },
      { id: "d", hash: "00ffffffffffffff" },
    ]);

    expect(near.get("a")).toEqual({ other: "b", bits: 4 });
    expect(near.get("c")).toEqual({ other: "b", bits: 4 });
    expect(near.has("d")).toBe(false);
  });

  it("leaves nine bits apart alone, and what is not a hash", () => {
    const near = nearDuplicates([
      { id: "a", hash: "0000000000000000" },
      { id: "b", hash: "00000000000001ff" },
      { id: "c", hash: "?" },
    ]);

    expect(near.size).toBe(0);
  });
});

describe("ones", () => {
  it.each([
    [0, 0],
    [1, 1],
    [0xff, 8],
    [0xffffffff, 32],
    [0x80000001, 2],
  ])("counts the bits of %i", (word, expected) => {
    expect(ones(word)).toBe(expected);
  });
});
