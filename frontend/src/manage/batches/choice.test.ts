import { describe, expect, it } from "vitest";

import { fileProblem, nameFor, pairsParameter } from "./choice";

describe("a chosen file", () => {
  it.each(["a.zip", "B.ZIP", "m.jsonl", "m.csv", "图片.parquet"])("may be %s", (name) => {
    expect(fileProblem({ name, size: 1 })).toBeNull();
  });

  it("may not be another kind, or empty", () => {
    expect(fileProblem({ name: "a.rar", size: 1 })).toBe("wrong_kind");
    expect(fileProblem({ name: "zip", size: 1 })).toBe("wrong_kind");
    expect(fileProblem({ name: "a.zip", size: 0 })).toBe("empty_file");
  });

  it("offers its name without the ending", () => {
    expect(nameFor("portraits.v2.zip")).toBe("portraits.v2");
  });
});

describe("pairsParameter", () => {
  it("speaks the server's words", () => {
    expect(pairsParameter("none", 4)).toBeNull();
    expect(pairsParameter("ring", 4)).toBe("ring");
    expect(pairsParameter("random", 4)).toBe("random:4");
  });
});
