import { expect, it } from "vitest";

import type { Region } from "@/questions/regions";

import { drawnByAtLeast, shareOfPeople, spreadOfPeople } from "./regionMaps";

const SIZE = { width: 4, height: 1 };

function box(x: number, width: number): Region {
  return { flaw: "text", box: [x, 0, width, 1] };
}

// One drew the left half, one the second pixel twice over, two drew nothing.
const PEOPLE = [[box(0, 0.5)], [box(0.25, 0.25), box(0.2, 0.3)], [], []];

it("regions of several people are counted once a person", () => {
  expect([...drawnByAtLeast(PEOPLE, 1, SIZE).values]).toEqual([1, 1, 0, 0]);
  expect([...drawnByAtLeast(PEOPLE, 2, SIZE).values]).toEqual([0, 1, 0, 0]);
  expect([...drawnByAtLeast(PEOPLE, 3, SIZE).values]).toEqual([0, 0, 0, 0]);
});

it("their share and their variance are those of the pixel", () => {
  expect([...shareOfPeople(PEOPLE, SIZE).values]).toEqual([0.25, 0.5, 0, 0]);
  // 4 p (1 - p), exact in binary.
  expect([...spreadOfPeople(PEOPLE, SIZE).values]).toEqual([0.75, 1, 0, 0]);
});
