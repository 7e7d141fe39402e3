import { describe, expect, it } from "vitest";

import { marksOf } from "./marks";

describe("the marks of generators", () => {
  it("are the same whatever the order of the points", () => {
    expect(marksOf(["b", "a", "b"])).toEqual(marksOf(["a", "b"]));
  });

  it("differ in colour or shape for up to twenty-four", () => {
    const names = Array.from({ length: 24 }, (_, i) => `generator ${i}`);
    const looks = new Set([...marksOf(names).values()].map(({ colour, path }) => colour + path));

    expect(looks.size).toBe(24);
  });
});
