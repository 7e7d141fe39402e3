import { describe, expect, it } from "vitest";

import { answerText, type Words } from "./answerText";

const words: Words = {
  choice: (name) => `<${name}>`,
  marks: (count) => `${count} marks`,
  words: (count) => `${count} words`,
};

describe("an answer in a few words", () => {
  it.each([
    [{ choice: "a" }, "a"],
    [{ choice: "both_bad" }, "<both_bad>"],
    [{ ratings: { a: 4, b: 2 } }, "a: 4, b: 2"],
    [{ marks: { a: [{ x: 0.1, y: 0.2 }], b: [] } }, "a: 1 marks, b: 0 marks"],
    [{ tokens: [2, 5] }, "2 words"],
    [{ tiers: [["b"], ["a", "d"], ["c"]] }, "b > a = d > c"],
    [{ flags: { a: ["limbs", "sex"], b: [] } }, "a: limbs + sex, b: –"],
    [{ text: "odd" }, "odd"],
    [null, ""],
  ])("%j is told as %s", (raw, told) => {
    expect(answerText(raw, words)).toBe(told);
  });
});
