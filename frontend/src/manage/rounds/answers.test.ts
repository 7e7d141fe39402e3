import { expect, test } from "vitest";

import { answersOf } from "./answers";

test("a round for evaluation takes one answer an item, and of a fifth all", () => {
  expect(answersOf(20, 3, "full")).toBe(60);
  expect(answersOf(20, 3, "evaluation")).toBe(16 + 4 * 3);
  expect(answersOf(13, 3, "evaluation")).toBe(10 + 3 * 3);
  expect(answersOf(2, 3, "evaluation")).toBe(2);
});
