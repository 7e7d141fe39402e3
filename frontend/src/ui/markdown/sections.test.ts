import { describe, expect, it } from "vitest";

import { splitFor } from "./sections";

const TEXT = `Look at both.

## Detail quality
Count fingers.
### Arms
Five each.

## Overall
Your taste.`;

describe("a guideline by question", () => {
  it("takes a question's section out, with the smaller headings below it", () => {
    expect(splitFor(TEXT, ["detail_quality", "detail quality"])).toEqual({
      section: "Count fingers.\n### Arms\nFive each.",
      rest: "Look at both.\n\n## Overall\nYour taste.",
    });
  });

  it("finds the last section, by any of a question's names", () => {
    expect(splitFor(TEXT, ["overall"]).section).toBe("Your taste.");
  });

  it("leaves a guideline whole that says nothing of the question", () => {
    expect(splitFor(TEXT, ["alignment"])).toEqual({ section: "", rest: TEXT });
  });

  it("takes no sign in fenced code for a heading", () => {
    const code = "```\n# overall\n```\ntext";
    expect(splitFor(code, ["overall"])).toEqual({ section: "", rest: code });
  });
});
