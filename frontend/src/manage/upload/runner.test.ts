import { describe, expect, it } from "vitest";

import type { UploadEvent, UploadState } from "./machine";
import { UploadRun, type Transport } from "./runner";

const MIB = 1024 * 1024;

/** A server in memory that keeps bytes like the real one; `faults` break off one call each. */
class ServerInMemory implements Transport {
  offset = 0;
  readonly calls: string[] = [];
  constructor(
    private readonly size: number,
    private readonly faults: ("lost" | "lost_after_storing" | "none")[] = [],
  ) {}

  create(): Promise<UploadEvent> {
    this.calls.push("create");
    return Promise.resolve({ kind: "created", batch: 3, size: this.size });
  }

  locate(): Promise<UploadEvent> {
    this.calls.push(`locate ${String(this.offset / MIB)}`);
    return Promise.resolve({ kind: "located", offset: this.offset, size: this.size });
  }

  send(_batch: number, piece: { start: number; end: number }): Promise<UploadEvent> {
    this.calls.push(`send ${String(piece.start / MIB)}-${String(piece.end / MIB)}`);
    const fault = this.faults.shift() ?? "none";
    if (fault === "lost") return Promise.resolve({ kind: "lost" });
    if (piece.start !== this.offset) {
      return Promise.resolve({ kind: "mismatched", offset: this.offset });
    }
    this.offset = piece.end;
    return Promise.resolve(
      fault === "lost_after_storing" ? { kind: "lost" } : { kind: "accepted", offset: this.offset },
    );
  }

  wait(delayMs: number): Promise<void> {
    this.calls.push(`wait ${String(delayMs)}`);
    return Promise.resolve();
  }

  abort(): void {
    this.calls.push("abort");
  }
}

describe("an upload's run", () => {
  it("sends every byte once when nothing goes wrong", async () => {
    const server = new ServerInMemory(20 * MIB);

    const end = await new UploadRun(server, null, () => undefined).run();

    expect(end).toEqual({ kind: "finished", batch: 3 });
    expect(server.calls).toEqual(["create", "send 0-8", "send 8-16", "send 16-20"]);
  });

  it("survives lost answers, whether or not the bytes had arrived", async () => {
    const server = new ServerInMemory(20 * MIB, ["none", "lost", "lost_after_storing"]);

    const end = await new UploadRun(server, null, () => undefined).run();

    expect(end).toEqual({ kind: "finished", batch: 3 });
    expect(server.calls).toEqual([
      "create",
      "send 0-8",
      "send 8-16",
      "wait 1000",
      "locate 8",
      "send 8-16",
      "wait 2000",
      "locate 16",
      "send 16-20",
    ]);
  });

  it("goes on after a reload from the server's offset", async () => {
    const server = new ServerInMemory(20 * MIB);
    server.offset = 8 * MIB;

    await new UploadRun(server, 3, () => undefined).run();

    expect(server.calls).toEqual(["locate 8", "send 8-16", "send 16-20"]);
  });

  it("stops when paused and finishes when resumed", async () => {
    const server = new ServerInMemory(20 * MIB);
    const seen: UploadState["kind"][] = [];
    const run = new UploadRun(server, null, (state) => {
      seen.push(state.kind);
      if (state.kind === "sending" && state.offset === 8 * MIB && !seen.includes("paused")) run.pause();
    });

    const stopped = await run.run();
    const end = await run.resume();

    expect(stopped).toEqual({ kind: "paused", batch: 3 });
    expect(end).toEqual({ kind: "finished", batch: 3 });
    expect(server.offset).toBe(20 * MIB);
  });
});
