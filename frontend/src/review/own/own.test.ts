import { describe, expect, it } from "vitest";

import type { Question } from "@/questions/kind";
import { stepsOf } from "@/questions/steps";
import type { Review } from "@/review/queries";

import { startOwn } from "./own";

const REVIEW = { id: 1, item: { images: [{ letter: "a" }, { letter: "b" }] }, asked: 1 } as Review;
const QUESTIONS = ["match", "form"].map((id, position) => ({ id, position, type: "rating" }) as Question);

describe("a reviewer's own answers", () => {
  it.each([
    [false, ["match a", "match b", "form a", "form b"]],
    [true, ["match a", "form a", "match b", "form b"]],
  ])("go image by image where the project does: %s", (imageByImage, steps) => {
    const open = startOwn(REVIEW, QUESTIONS, {}, imageByImage);

    expect(stepsOf(open).map(({ question: { id }, letter }) => `${id} ${letter}`)).toEqual(steps);
  });
});
