import { describe, expect, it } from "vitest";

import { piecesOf } from "./words";

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
    const words = piecesOf("a b a", ["a", "b", "a"]).filter(({ token }) => token !== null);

    expect(words).toEqual([
      { text: "a", token: 0 },
      { text: "b", token: 1 },
      { text: "a", token: 2 },
    ]);
  });

  it("loses nothing of a prompt without words", () => {
    expect(piecesOf("...", [])).toEqual([{ text: "...", token: null }]);
  });
});
