import { describe, expect, it } from "vitest";

import { codesOf, matching } from "./problemFilter";

const WIDE = { line: 17, file: "b.png", code: "image_too_wide", reason: "12,000 pixels wide" };
const TORN = { line: null, file: "C.PNG", code: "image_no_image", reason: "It is no image." };

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

  it("keeps those of one code", () => {
    expect(matching([WIDE, TORN], "png", "image_no_image")).toEqual([TORN]);
  });

  it("offers the codes that are there, the most frequent first", () => {
    expect(codesOf([TORN, WIDE, WIDE])).toEqual([
      { code: "image_too_wide", count: 2, example: "12,000 pixels wide" },
      { code: "image_no_image", count: 1, example: "It is no image." },
    ]);
  });
});
