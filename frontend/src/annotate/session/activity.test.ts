import { describe, expect, it } from "vitest";

import { type Activity, activeMs, record } from "./activity";

function happened(...moments: [Activity[number]["what"], number][]): Activity {
  return moments.reduce<Activity>((activity, [what, at]) => record(activity, what, at), []);
}

describe("active time", () => {
  it("runs from the showing to the answer", () => {
    expect(activeMs(happened(["shown", 1_000]), 6_400)).toBe(5_400);
  });

  it("stops 30 s after the last input", () => {
    expect(activeMs(happened(["shown", 0], ["input", 10_000]), 300_000)).toBe(40_000);
  });

  it("goes on with the input that ends a pause", () => {
    const activity = happened(["shown", 0], ["input", 100_000]);

    expect(activeMs(activity, 105_000)).toBe(35_000);
  });

  it("leaves out what passes while the page is hidden", () => {
    const activity = happened(["shown", 0], ["hidden", 5_000], ["visible", 60_000]);

    expect(activeMs(activity, 62_000)).toBe(7_000);
  });

  it("is the same however often one asks", () => {
    const activity = happened(["shown", 0], ["input", 2_000]);

    expect([activeMs(activity, 4_000), activeMs(activity, 4_000)]).toEqual([4_000, 4_000]);
  });

  it("stays small and exact through thousands of inputs", () => {
    let activity: Activity = [{ what: "shown", at: 0 }];
    for (let at = 0; at <= 600_000; at += 50) activity = record(activity, "input", at);

    expect(activeMs(activity, 600_000)).toBe(600_000);
    expect(activity.length).toBeLessThan(60);
  });

  it("never goes backwards with the clock", () => {
    expect(activeMs(happened(["shown", 9_000]), 1_000)).toBe(0);
  });
});
