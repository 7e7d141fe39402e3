import { describe, expect, it } from "vitest";

import { answerText, type Words } from "./answerText";

const words: Words = {
  choice: (name) => `<${name}>`,
  grade: (step) => `step ${step}`,
  marks: (count) => `${count} marks`,
  words: (count) => `${count} words`,
  links: (count) => `${count} tied`,
  rows: (yes, no, unsure) => `${yes} yes, ${no} no, ${unsure} unsure`,
};

describe("an answer in a few words", () => {
  it.each([
    [{ choice: "a" }, "a"],
    [{ choice: "both_bad" }, "<both_bad>"],
    [{ grade: 2 }, "step 2"],
    [{ ratings: { a: 4, b: 2 } }, "a: 4, b: 2"],
    [{ marks: { a: [{ x: 0.1, y: 0.2 }], b: [] } }, "a: 1 marks, b: 0 marks"],
    [{ tokens: [2, 5] }, "2 words"],
    [{ spans: [[2, 4], [7, 7]], unsure: [8], links: [{}] }, "4 words, <unsure>: 1, 1 tied"],
    [{ rows: { r1: "yes", r2: "no", r3: "yes" } }, "2 yes, 1 no, 0 unsure"],
    [{ tiers: [["b"], ["a", "d"], ["c"]] }, "b > a = d > c"],
    [{ flags: { a: ["limbs", "sex"], b: [] } }, "a: limbs + sex, b: –"],
    [{ regions: { a: [{ flaw: "text" }, { flaw: "hands" }, { flaw: "text" }], b: [] } }, "a: text + hands, b: –"],
    [{ text: "odd" }, "odd"],
    [null, ""],
  ])("%j is told as %s", (raw, told) => {
    expect(answerText(raw, words)).toBe(told);
  });
});
