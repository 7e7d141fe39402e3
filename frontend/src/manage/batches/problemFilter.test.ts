import { describe, expect, it } from "vitest";

import { matching } from "./problemFilter";

const WIDE = { line: 17, file: "b.png", reason: "12,000 pixels wide; the limit is 8,192" };
const TORN = { line: null, file: "C.PNG", reason: "not an image" };

describe("the filter of rejected files", () => {
  it("finds every word in line, file or reason, whatever its case", () => {
    expect(matching([WIDE, TORN], "png WIDE")).toEqual([WIDE]);
    expect(matching([WIDE, TORN], "c.png")).toEqual([TORN]);
    expect(matching([WIDE, TORN], "17")).toEqual([WIDE]);
  });

  it("keeps all without words, and none that lacks one", () => {
    expect(matching([WIDE, TORN], "  ")).toEqual([WIDE, TORN]);
    expect(matching([WIDE, TORN], "png blue")).toEqual([]);
  });
});
