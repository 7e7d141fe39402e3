import { describe, expect, it } from "vitest";

import { question } from "@/annotate/testing";

import { knownAnswer } from "./known";

const at = (letter: string, key: string, value: number | null = null) => ({ letter, key, value });

describe("what is known", () => {
  it.each([
    [question("q", "preference"), [at("", "tie")], { choice: "tie" }],
    [question("q", "rating"), [at("a", "mean", 0.75), at("b", "mean", 0)], { ratings: { a: 4, b: 1 } }],
    [question("q", "flags"), [at("a", "limbs"), at("b", "nothing")], { flags: { a: ["limbs"], b: [] } }],
    [question("q", "reasons"), [at("", "hands"), at("", "light")], { reasons: ["hands", "light"] }],
    [question("q", "words"), [at("", "2"), at("", "0")], { tokens: [2, 0] }],
    [question("q", "words"), [at("", "nothing")], { tokens: [] }],
    [question("q", "checklist"), [at("", "r1=yes"), at("", "r2=no")], { rows: { r1: "yes", r2: "no" } }],
    [
      question("q", "ranking"),
      [at("b", "over_a"), at("b", "over_c"), at("c", "over_a")],
      { tiers: [["b"], ["c"], ["a"]] },
    ],
    [question("q", "comment"), [], null],
  ])("of %j, %j, is said by an answer", (asked, known, answer) => {
    expect(knownAnswer(asked, known)).toEqual(answer);
  });
});
