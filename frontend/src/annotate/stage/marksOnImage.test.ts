import { describe, expect, it } from "vitest";

import { act, Bench, question, RICHHF } from "@/annotate/testing";
import { imagePoint, toScreen, viewOf } from "@/image/geometry";

import { lookOf, onImage } from "@/questions/marksOnImage";

const VIEW = viewOf({ image: { width: 512, height: 512 }, stage: { width: 512, height: 512 } });

/** A press `px` right of the middle, where the first kind of flaw has its mark. */
function tapBeside(px: number, { kind = 0, adds = false } = {}) {
  const desk = new Bench(RICHHF)
    .open("1", ["a"])
    .send(act({ type: "mark", letter: "a", at: imagePoint(0.5, 0.5) }), { type: "focus", index: kind });
  const item = desk.session.open;
  if (!item) throw new Error("nothing is open");
  const at = imagePoint(0.5 + px / 512, 0.5);
  const tap = { at, screen: toScreen(VIEW, at), secondary: false, adds };
  return onImage(item, "a", item.questions[kind] ?? null).tap?.(tap, VIEW);
}

describe("a press on an image", () => {
  it("means the mark on its dot, and a new one right beside it", () => {
    expect(tapBeside(7)).toMatchObject({ question: "implausibility", action: { type: "select" } });
    expect(tapBeside(9)).toMatchObject({ question: "implausibility", action: { type: "mark" } });
  });

  it("marks the same place for the other kind of flaw, when that is in focus", () => {
    expect(tapBeside(0, { kind: 1 })).toMatchObject({
      question: "misalignment",
      action: { type: "mark" },
    });
  });

  it("always adds with Shift", () => {
    expect(tapBeside(0, { adds: true })).toMatchObject({ action: { type: "mark" } });
  });
});

it("gives each of six kinds of marks a look of its own", () => {
  const kinds = Array.from({ length: 6 }, (_, index) => question(`flaw-${index}`, "marks"));

  const looks = kinds.map(({ id }) => lookOf(kinds, id));

  expect(new Set(looks).size).toBe(6);
});
