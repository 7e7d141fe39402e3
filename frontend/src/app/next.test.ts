import { describe, expect, it } from "vitest";

import { safeNext } from "./next";

describe("the way back after signing in", () => {
  it("keeps an address of this site", () => {
    expect(safeNext("/projects/3/annotate?x=1")).toBe("/projects/3/annotate?x=1");
  });

  it.each([null, "", "https://evil.example", "//evil.example", "/\\evil.example", "/sign-in"])(
    "goes home instead of to %j",
    (address) => {
      expect(safeNext(address)).toBe("/");
    },
  );
});
