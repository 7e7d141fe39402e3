import { expect, it } from "vitest";

import { labelShifts } from "./labels";

it("leaves names alone that have room", () => {
  expect(labelShifts([{ x: 0, y: 0 }, { x: 40, y: 0 }, { x: 0, y: 20 }])).toEqual([0, 0, 0]);
});

it("moves a name below those that stand in its place", () => {
  expect(labelShifts([{ x: 10, y: 10 }, { x: 12, y: 10 }, { x: 8, y: 11 }])).toEqual([0, 13, 26]);
});
