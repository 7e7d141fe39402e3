import { describe, expect, it } from "vitest";

import { heated } from "./heat";

describe("a map in colour", () => {
  it("is clear where nobody marked, and strongest where all did", () => {
    const pixels = new Uint8ClampedArray([0, 0, 0, 255, 64, 64, 64, 255, 255, 255, 255, 255]);

    heated(pixels);

    expect([pixels[3], pixels[7], pixels[11]]).toEqual([0, 128, 255]);
    expect([...pixels.slice(8, 11)]).toEqual([255, 0, 140]);
  });
});
