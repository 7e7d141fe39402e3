import { describe, expect, it } from "vitest";

import type { GoldReport, TestedAnnotator } from "./queries";
import { itemsCsv, peopleCsv, stepsCsv } from "./tables";

const never = { n: 0, share: null, interval: null };

const HASTY: TestedAnnotator = {
  id: 7,
  name: "Hasty",
  passed: { n: 2, share: 0.5, interval: [0.1, 0.9] },
  repeated: never,
  ratio: 0.5,
  stopped: 1,
  cleared: 0,
  steps: [
    { ratio: 1.5, right: false, decision: "goes_on" },
    { ratio: 0.5, right: true, decision: "goes_on" },
  ],
  last_stop_at: "2026-11-01T09:00:00Z",
  last_consequence: "warn",
};

const lines = (text: string) => text.slice(1).trimEnd().split("\r\n");

describe("the tables of known answers", () => {
  it("have a line a person, with shares, intervals and the test", () => {
    expect(lines(peopleCsv([HASTY]))).toEqual([
      "id,name,n,right,low_95,high_95,repeats,same_again,same_again_low_95,same_again_high_95,ratio,stopped,cleared,last_stop_at,last_consequence",
      "7,Hasty,2,0.5,0.1,0.9,0,,,,0.5,1,0,2026-11-01T09:00:00Z,warn",
    ]);
  });

  it("have a line a step of each test", () => {
    expect(lines(stepsCsv([HASTY]))).toEqual([
      "id,name,step,right,ratio,outcome",
      "7,Hasty,1,0,1.5,goes_on",
      "7,Hasty,2,1,0.5,goes_on",
    ]);
  });

  it("have a line an item, whatever its prompt is", () => {
    const item: GoldReport["items"][number] = {
      id: 3,
      source: "i-1",
      prompt: "a cat, asleep",
      thumbnail_urls: [],
      made_at: "2026-11-01T09:00:00Z",
      retired_at: null,
      passed: never,
      suspect: true,
    };
    expect(lines(itemsCsv([item]))).toEqual([
      "item,prompt,n,right,low_95,high_95,suspect,made_at,retired_at",
      'i-1,"a cat, asleep",0,,,,1,2026-11-01T09:00:00Z,',
    ]);
  });
});
