import { describe, expect, it } from "vitest";

import { CHUNK_BYTES, firstState, nextChunk, retryDelayMs, step, type UploadState } from "./machine";

const MIB = 1024 * 1024;
const SENDING: UploadState = { kind: "sending", batch: 7, offset: 8 * MIB, size: 20 * MIB, failures: 0 };

describe("an upload", () => {
  it("is sent in pieces of 8 MiB, the last one shorter", () => {
    expect(CHUNK_BYTES).toBe(8_388_608);
    expect(nextChunk(0, 20 * MIB)).toEqual({ start: 0, end: 8 * MIB });
    expect(nextChunk(16 * MIB, 20 * MIB)).toEqual({ start: 16 * MIB, end: 20 * MIB });
  });

  it("goes from made to sending to finished", () => {
    const made = step(firstState(null), { kind: "created", batch: 7, size: 20 });
    const halfway = step(made, { kind: "accepted", offset: 12 });
    const whole = step(halfway, { kind: "accepted", offset: 20 });

    expect(made).toEqual({ kind: "sending", batch: 7, offset: 0, size: 20, failures: 0 });
    expect(halfway).toMatchObject({ kind: "sending", offset: 12 });
    expect(whole).toEqual({ kind: "finished", batch: 7 });
  });

  it("follows the server's offset when it differs", () => {
    expect(step(SENDING, { kind: "mismatched", offset: 3 * MIB })).toMatchObject({
      kind: "sending",
      offset: 3 * MIB,
    });
    expect(step(SENDING, { kind: "mismatched", offset: 20 * MIB })).toEqual({
      kind: "finished",
      batch: 7,
    });
  });

  it("waits instead of going round when the server repeats the same offset", () => {
    expect(step(SENDING, { kind: "mismatched", offset: 8 * MIB })).toMatchObject({
      kind: "waiting",
      failures: 1,
    });
  });

  it("after a lost network waits, asks for the offset and goes on from there", () => {
    const lost = step(SENDING, { kind: "lost" });
    const asking = step(lost, { kind: "waited" });
    const again = step(asking, { kind: "located", offset: 16 * MIB, size: 20 * MIB });

    expect(lost).toEqual({ kind: "waiting", batch: 7, failures: 1, delayMs: 1_000 });
    expect(asking).toEqual({ kind: "locating", batch: 7, failures: 1 });
    expect(again).toMatchObject({ kind: "sending", offset: 16 * MIB, failures: 1 });
  });

  it("waits longer each time, thirty seconds at most, and is patient again after a success", () => {
    expect([1, 2, 3, 4, 5, 6, 50].map(retryDelayMs)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(
      step({ kind: "sending", batch: 7, offset: 0, size: 20, failures: 4 }, { kind: "accepted", offset: 10 }),
    ).toMatchObject({ failures: 0 });
  });

  it("makes the batch anew when the network went before there was one", () => {
    const lost = step({ kind: "creating" }, { kind: "lost" });

    expect(lost).toMatchObject({ kind: "waiting", batch: null });
    expect(step(lost, { kind: "waited" })).toEqual({ kind: "creating" });
  });

  it("starts by asking for the offset when it was begun before a reload", () => {
    expect(firstState(7)).toEqual({ kind: "locating", batch: 7, failures: 0 });
  });

  it("can be paused and resumed", () => {
    const paused = step(SENDING, { kind: "paused" });

    expect(paused).toEqual({ kind: "paused", batch: 7 });
    expect(step(paused, { kind: "accepted", offset: 16 * MIB })).toBe(paused);
    expect(step(paused, { kind: "resumed" })).toEqual({ kind: "locating", batch: 7, failures: 0 });
  });

  it("keeps the server's words when it is refused, and never un-finishes", () => {
    const refusal = { kind: "refused", code: "too_large", message: "too large" } as const;

    expect(step(SENDING, refusal)).toEqual({ ...refusal, batch: 7 });
    expect(step({ kind: "finished", batch: 7 }, refusal)).toEqual({ kind: "finished", batch: 7 });
  });
});
