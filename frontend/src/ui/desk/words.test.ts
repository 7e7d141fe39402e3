import { describe, expect, it } from "vitest";

import { piecesOf, wordsOf } from "./words";

describe("the prompt in pieces", () => {
  it("finds each word again, with what stands between", () => {
    const pieces = piecesOf('A cat\'s-eye, at 3.5 cm: "wow"!', [
      "A", "cat's-eye", "at", "3", "5", "cm", "wow",
    ]);

    expect(pieces.map(({ text }) => text)).toEqual([
      "A", " ", "cat's-eye", ", ", "at", " ", "3", ".", "5", " ", "cm", ': "', "wow", '"!',
    ]);
  });

  it("gives each of two equal words its own index", () => {
    const words = piecesOf("a b a", ["a", "b", "a"]).filter(({ tokens }) => tokens.length > 0);

    expect(words).toEqual([
      { text: "a", tokens: [0] },
      { text: "b", tokens: [1] },
      { text: "a", tokens: [2] },
    ]);
  });

  it("takes a word and its weight together", () => {
    const prompt = "(masterpiece:1.2), a (red cat:0.9) <lora:ink:.5>: 2";
    const tokens = ["(masterpiece", "1", "2)", "a", "(red", "cat", "0", "9)", "<lora", "ink", "5>", "2"];

    const words = wordsOf(prompt, tokens);

    expect(words).toEqual([
      { text: "(masterpiece:1.2)", tokens: [0, 1, 2] },
      { text: "a", tokens: [3] },
      { text: "(red", tokens: [4] },
      { text: "cat:0.9)", tokens: [5, 6, 7] },
      { text: "<lora:ink:.5>", tokens: [8, 9, 10] },
      { text: "2", tokens: [11] },
    ]);
  });

  it.each([
    ["一只红色的猫，在桌子上", "一只|红色|的|猫|在|桌子|上"],
    ["แมวสีแดง", "แมว|สี|แดง"],
    ["赤い自転車", "赤い|自転車"],
  ])("finds the words among the characters of “%s”", (prompt, expected) => {
    const characters = [...prompt.matchAll(/[^，\p{M}]\p{M}*/gu)].map(([text]) => text);

    const words = wordsOf(prompt, characters);

    expect(words.map(({ text }) => text).join("|")).toBe(expected);
    expect(words.flatMap(({ tokens }) => tokens)).toEqual([...characters.keys()]);
  });

  it("loses nothing of a prompt without words", () => {
    expect(piecesOf("...", [])).toEqual([{ text: "...", tokens: [] }]);
  });
});
