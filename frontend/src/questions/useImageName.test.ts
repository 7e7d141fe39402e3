// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";

import { bring } from "@/i18n/texts";

import { useImageName } from "./useImageName";

const named = (count: number): string[] => {
  const { result } = renderHook(() => useImageName(count));
  return Array.from({ length: count }, (_, place) => result.current(place));
};

describe("an image's name", () => {
  beforeAll(() => bring("en", "questions"));

  it("is left or right of two", () => {
    expect(named(2)).toEqual(["Left image", "Right image"]);
  });

  it("is its number of more", () => {
    expect(named(3)).toEqual(["Image 1", "Image 2", "Image 3"]);
  });
});
