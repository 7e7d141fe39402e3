import { describe, expect, it } from "vitest";

import { differenceOf } from "./difference";

const bytes = (...values: number[]) => new Uint8ClampedArray(values);
const A = bytes(10, 200, 30, 255, 5, 5, 5, 255);
const B = bytes(14, 190, 30, 255, 5, 5, 5, 255);

describe("the difference of two images", () => {
  it("is what each channel differs by, whichever way", () => {
    const { pixels, largest, mean } = differenceOf(A, B, { gain: 1, luminance: false });

    expect([...pixels]).toEqual([4, 10, 0, 255, 0, 0, 0, 255]);
    expect(largest).toBe(10);
    expect(mean).toBeCloseTo(14 / 6, 12);
    expect(differenceOf(B, A, { gain: 1, luminance: false }).pixels).toEqual(pixels);
  });

  it("is amplified up to white; the numbers stay those of the images", () => {
    const { pixels, largest } = differenceOf(bytes(0, 0, 100, 255), bytes(20, 0, 0, 255), {
      gain: 8,
      luminance: false,
    });

    expect([...pixels]).toEqual([160, 0, 255, 255]);
    expect(largest).toBe(100);
  });

  it("is grey by the weights of BT.709 where luminances are compared", () => {
    // |0.2126 × -4 + 0.7152 × 10| = 6.3016
    const { pixels, largest } = differenceOf(A, B, { gain: 2, luminance: true });

    expect([...pixels.slice(0, 4)]).toEqual([13, 13, 13, 255]);
    expect(largest).toBeCloseTo(6.3016, 10);
  });

  it("is nothing for the same image, and undefined for two sizes", () => {
    expect(differenceOf(A, A, { gain: 8, luminance: false })).toMatchObject({ largest: 0, mean: 0 });
    expect(() => differenceOf(A, bytes(1, 2, 3, 4), { gain: 1, luminance: false })).toThrow(RangeError);
  });
});
