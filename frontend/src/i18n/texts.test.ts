import { beforeAll, describe, expect, it } from "vitest";

import { bring, groupOf, hasText, textOf } from "./texts";

describe("texts by key, language and values", () => {
  beforeAll(async () => {
    await Promise.all([
      bring("en", "annotate"),
      bring("zh-Hans", "annotate"),
      bring("en", "reasons"),
      bring("zh-Hans", "reasons"),
      bring("en", "actions"),
    ]);
  });

  it("finds what stands at a path, and only texts", () => {
    expect(textOf("en", "annotate", "empty.undo")).toBe("Change the last answer");
    expect(hasText("en", "annotate", "empty.undo")).toBe(true);
    expect(hasText("en", "annotate", "empty")).toBe(false);
    expect(hasText("en", "annotate", "empty.toString")).toBe(false);
    expect(hasText("en", "manage", "empty.undo")).toBe(false);
  });

  it("takes the plural form of the language, with numbers as it writes them", () => {
    const files = (language: "en" | "zh-Hans", count: number) =>
      textOf(language, "reasons", "address_too_many_files", { count, max: 20_000 });

    expect(files("en", 30_000)).toBe(
      "There are 30,000 files at this address; at most 20,000 are taken.",
    );
    expect(textOf("en", "annotate", "saved.waiting", { count: 1 })).toContain("1");
    expect(files("zh-Hans", 30_000)).toContain("30,000");
  });

  it("joins a list as the language does", () => {
    const values = { value: "x", offered: ["a", "b", "c"] };

    expect(textOf("en", "reasons", "answer_not_offered", values)).toBe(
      "x is not on offer; one of a, b, and c is.",
    );
    expect(textOf("zh-Hans", "reasons", "answer_not_offered", values)).toContain("a、b和c");
  });

  it("puts nothing where a value is not given, and a value as it is", () => {
    expect(textOf("en", "reasons", "answer_not_offered", { value: "$& {{x}}" })).toBe(
      "$& {{x}} is not on offer; one of  is.",
    );
  });

  it("gives the texts below a key", () => {
    expect(Object.keys(groupOf("en", "actions", "kinds")).length).toBeGreaterThan(10);
  });
});
