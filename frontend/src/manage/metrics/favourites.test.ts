import { describe, expect, it } from "vitest";

import type { Schemas } from "@/api/client";

import { favourite } from "./favourites";

function image(id: string, human: number | null, metric: number | null): Schemas["DisagreedImage"] {
  return { image: { id, letter: id, generator: "", url: "", thumbnail_url: "" }, human, metric, infinite: false };
}

const IMAGES = [image("a", 0.9, 10), image("b", 0.1, 30), image("c", null, 20)];

describe("the favourite", () => {
  it("is the people's highest, and the metric's by its direction", () => {
    expect(favourite(IMAGES, "human", "lower")).toBe("a");
    expect(favourite(IMAGES, "metric", "higher")).toBe("b");
    expect(favourite(IMAGES, "metric", "lower")).toBe("a");
    expect(favourite(IMAGES, "metric", "")).toBe("b");
  });

  it("is nobody in a tie, nor alone", () => {
    expect(favourite([image("a", 1, 1), image("b", 1, 2)], "human", "")).toBeNull();
    expect(favourite([image("a", 1, 1)], "human", "")).toBeNull();
  });
});
