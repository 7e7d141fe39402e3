import { describe, expect, it } from "vitest";

import { type Frame, imagePoint, isWhole, screenPoint, toImage, toScreen, viewOf } from "@/image/geometry";

import { afresh, begin, lensAt, type Look, type LookAction, type Sight, soleOf, stepLook } from "./look";

const FRAME: Frame = {
  image: { width: 1024, height: 1024 },
  stage: { width: 600, height: 600 },
};
const NINE: Sight = {
  count: 9,
  frames: Object.fromEntries(Array.from({ length: 9 }, (_, place) => [place, FRAME])),
  pointer: null,
  keys: null,
  devicePixelRatio: 1,
};
const PAIR: Sight = { ...NINE, count: 2 };

function after(sight: Sight, ...actions: LookAction[]): Look {
  return actions.reduce((look, action) => stepLook(look, action, sight), begin("dark"));
}

describe("zooming by keys", () => {
  it("keeps what the pointer is on where it is, and goes back to the whole", () => {
    const at = screenPoint(150, 450);
    const sight: Sight = { ...PAIR, pointer: { place: 1, at } };

    const look = after(sight, { type: "zoom", by: 1 }, { type: "zoom", by: 1 });

    expect(look.lens.magnification).toBeCloseTo(2, 9);
    expect(toImage(viewOf(FRAME, look.lens), at).x).toBeCloseTo(0.25, 9);
    expect(isWhole(stepLook(look, { type: "whole" }, sight).lens)).toBe(true);
  });

  it("goes by the keys' own place where no pointer is, and keeps it in sight", () => {
    const keys = { place: 0, at: imagePoint(0.9, 0.1) };
    const sight: Sight = { ...PAIR, keys };
    const close = after(sight, { type: "exact", pixels: 2 });

    const revealed = stepLook(close, { type: "reveal", place: 0, at: imagePoint(0.1, 0.9) }, sight);

    const seen = toScreen(viewOf(FRAME, revealed.lens), imagePoint(0.1, 0.9));
    expect(close.lens.scale).toBe(2);
    expect(seen.x).toBeGreaterThan(0);
    expect(seen.y).toBeLessThan(600);
    expect(revealed.lens.scale).toBe(2);
  });

  it("moves one image alone once they are not linked, and all by that one again", () => {
    const sight: Sight = { ...PAIR, pointer: { place: 1, at: screenPoint(300, 300) } };
    const apart = after(sight, { type: "link" }, { type: "exact", pixels: 1 });

    expect(lensAt(apart, 1).scale).toBe(1);
    expect(isWhole(lensAt(apart, 0))).toBe(true);
    expect(lensAt(stepLook(apart, { type: "link" }, sight), 0).scale).toBe(1);
  });

  it("peeks at true 1:1 with the keyboard alone, and the arrows move that", () => {
    const peeking = after(PAIR, { type: "peek", held: true });
    const moved = stepLook(peeking, { type: "pan", dx: 1, dy: 0 }, PAIR);

    expect(peeking.peek?.scale).toBe(1);
    expect((moved.peek?.centre.x ?? 0) - (peeking.peek?.centre.x ?? 0)).toBeCloseTo(80 / 1024, 9);
    expect(stepLook(moved, { type: "peek", held: false }, PAIR).peek).toBeNull();
  });
});

describe("comparing in one place", () => {
  it("swaps the two of a pair with one tap each, and leaves the lens alone", () => {
    const seen = [1, 2, 3].map((taps) =>
      soleOf(after(PAIR, ...Array.from({ length: taps }, (): LookAction => ({ type: "swap" })))),
    );

    expect(seen).toEqual([1, 0, 1]);
  });

  it("compares the newest two that were chosen of nine", () => {
    const chosen = after(NINE, { type: "choose", place: 2 }, { type: "choose", place: 6 });

    expect(chosen.pair).toEqual([2, 6]);
    expect(soleOf(stepLook(chosen, { type: "swap" }, NINE))).toBe(2);
    expect(soleOf(stepLook(chosen, { type: "difference" }, NINE))).toBe(2);
  });

  it("enlarges the image under the pointer, and turns to the next and round", () => {
    const sight: Sight = { ...NINE, pointer: { place: 8, at: screenPoint(1, 1) } };
    const large = after(sight, { type: "enlarge" });

    expect(soleOf(large)).toBe(8);
    expect(soleOf(stepLook(large, { type: "turn", by: 1 }, sight))).toBe(0);
    expect(soleOf(stepLook(large, { type: "enlarge" }, sight))).toBeNull();
  });

  it("shows the difference of colours, then of brightness, then neither, ×1 to ×8", () => {
    const modes = [1, 2, 3].map((presses) => {
      const { mode, luminance } = after(
        PAIR,
        ...Array.from({ length: presses }, (): LookAction => ({ type: "difference" })),
      );
      return [mode, luminance];
    });
    const gains = [1, 2, 3, 4].map(
      (presses) =>
        after(PAIR, ...Array.from({ length: presses }, (): LookAction => ({ type: "gain" }))).gain,
    );

    expect(modes).toEqual([["difference", false], ["difference", true], ["side", false]]);
    expect(gains).toEqual([2, 4, 8, 1]);
  });
});

describe("beside a source", () => {
  const beside = { ...NINE, count: 3 };
  const fresh = begin("dark", 2);

  it("the image that is asked about is compared with it", () => {
    expect(fresh.pair).toEqual([0, 2]);
    expect(stepLook(fresh, { type: "front", place: 1 }, beside).pair).toEqual([1, 2]);
    expect(stepLook(fresh, { type: "front", place: 2 }, beside)).toBe(fresh);
  });

  it("what is asked next comes to the front where one is seen in the place of all", () => {
    const alone = stepLook(fresh, { type: "swap" }, beside);
    expect([alone.mode, alone.front]).toEqual(["one", 2]);
    const next = stepLook(alone, { type: "front", place: 1 }, beside);
    expect([next.front, next.pair]).toEqual([1, [1, 2]]);
  });

  it("two results can be compared as well", () => {
    const chosen = stepLook(fresh, { type: "choose", place: 1 }, beside);
    expect(stepLook(chosen, { type: "choose", place: 0 }, beside).pair).toEqual([1, 0]);
  });

  it("it is there for the next item, if that has one", () => {
    expect(afresh(fresh, 1).pair).toEqual([0, 1]);
    expect(afresh(fresh, null).anchor).toBeNull();
  });
});
