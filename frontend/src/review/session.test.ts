import { describe, expect, it } from "vitest";

import { isComplete, startReview, step, verdicts, type ReviewEvent, type ReviewSession } from "./session";

function after(start: ReviewSession, ...events: ReviewEvent[]): ReviewSession {
  return events.reduce(step, start);
}

const THREE = startReview(["p", "q", "r"].map((id) => ({ id, decided: false })));
const ACCEPT = { verdict: "accept", reason: "" };

describe("a review", () => {
  it("moves to the next undecided annotation after each verdict", () => {
    const one = step(THREE, { kind: "accept" });
    const two = after(one, { kind: "ask_reason" }, { kind: "reject", reason: "  missed the hand " });

    expect(one.chosen).toBe(1);
    expect(two.chosen).toBe(2);
    expect(two.asking).toBe(false);
    expect(verdicts(two)).toEqual({
      p: ACCEPT,
      q: { verdict: "reject", reason: "missed the hand" },
    });
    expect(isComplete(two)).toBe(false);
  });

  it("is complete after three accepts", () => {
    const end = after(THREE, { kind: "accept" }, { kind: "accept" }, { kind: "accept" });

    expect(isComplete(end)).toBe(true);
    expect(verdicts(end)).toEqual({ p: ACCEPT, q: ACCEPT, r: ACCEPT });
  });

  it("keeps a rejection when the rest is accepted at once", () => {
    const end = after(
      THREE,
      { kind: "choose", index: 1 },
      { kind: "reject", reason: "random clicks" },
      { kind: "accept_all" },
    );

    expect(verdicts(end)).toEqual({
      p: ACCEPT,
      q: { verdict: "reject", reason: "random clicks" },
      r: ACCEPT,
    });
  });

  it("asks for a longer reason and records nothing until it has one", () => {
    const end = after(THREE, { kind: "ask_reason" }, { kind: "reject", reason: " no " });

    expect(end.complaint).toBe("short_reason");
    expect(end.asking).toBe(true);
    expect(verdicts(end)).toEqual({});
  });

  it("points to what is undecided when sent too early", () => {
    const end = after(THREE, { kind: "accept" }, { kind: "choose", index: 0 }, { kind: "try_submit" });

    expect(end.complaint).toBe("undecided");
    expect(end.chosen).toBe(1);
  });

  it("takes a verdict back", () => {
    const end = after(THREE, { kind: "accept_all" }, { kind: "choose", index: 2 }, { kind: "clear" });

    expect(verdicts(end)).toEqual({ p: ACCEPT, q: ACCEPT });
    expect(isComplete(end)).toBe(false);
  });

  it("leaves alone what an earlier look decided, and sends only the new", () => {
    const redone = startReview([
      { id: "p", decided: true },
      { id: "q", decided: true },
      { id: "s", decided: false },
    ]);
    const touched = after(redone, { kind: "choose", index: 0 }, { kind: "accept" });
    const end = after(redone, { kind: "accept_all" });

    expect(redone.chosen).toBe(2);
    expect(verdicts(touched)).toEqual({});
    expect(verdicts(end)).toEqual({ s: ACCEPT });
    expect(isComplete(end)).toBe(true);
  });

  it("goes round with the arrows and ignores a number that has no annotation", () => {
    expect(step(THREE, { kind: "move", by: -1 }).chosen).toBe(2);
    expect(step(THREE, { kind: "choose", index: 3 })).toBe(THREE);
  });

  it("closes the question for a reason without a verdict when cancelled", () => {
    const end = after(THREE, { kind: "ask_reason" }, { kind: "cancel" });

    expect(end.asking).toBe(false);
    expect(verdicts(end)).toEqual({});
  });
});
