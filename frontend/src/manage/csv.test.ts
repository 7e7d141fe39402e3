import { describe, expect, it } from "vitest";

import { csvCell, csvText, lowHigh } from "./csv";

describe("csvCell", () => {
  it.each([
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["+1+cmd", "'+1+cmd"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["  =A1", "'  =A1"],
    ["＝A1", "'＝A1"],
  ])("turns the formula %j into text", (cell, expected) => {
    expect(csvCell(cell)).toBe(expected);
  });

  it.each([
    ["a.png", "a.png"],
    ["-3.5", "-3.5"],
    [17, "17"],
    [-4, "-4"],
    [null, ""],
    ["图片=1", "图片=1"],
  ])("leaves %j as it is", (cell, expected) => {
    expect(csvCell(cell)).toBe(expected);
  });

  it("quotes commas, quotation marks and line ends", () => {
    expect(csvCell('12,000 px, "wide"\nvery')).toBe('"12,000 px, ""wide""\nvery"');
  });

  it("quotes a neutralised cell that needs quoting too", () => {
    expect(csvCell('=A1,"x"')).toBe('"\'=A1,""x"""');
  });
});

describe("csvText", () => {
  it("starts with a byte order mark and ends every line with CR LF", () => {
    expect(csvText(["line", "file"], [[2, "b.png"]])).toBe("\uFEFFline,file\r\n2,b.png\r\n");
  });
});

describe("lowHigh", () => {
  it("is both ends of an interval, or two empty cells", () => {
    expect(lowHigh([0.25, 0.75])).toEqual([0.25, 0.75]);
    expect(lowHigh(null)).toEqual([null, null]);
  });
});
