/** Drives the upload machine: does what each state asks for, and feeds the outcome back. */

import { firstState, nextChunk, step, type UploadEvent, type UploadState } from "./machine";

/** The network as an upload sees it; every call answers with an event and never throws. */
export interface Transport {
  create(): Promise<UploadEvent>;
  locate(batch: number): Promise<UploadEvent>;
  /** `onSent` counts the bytes of this piece that have left. */
  send(
    batch: number,
    piece: { start: number; end: number },
    onSent: (bytes: number) => void,
  ): Promise<UploadEvent>;
  /** Resolves after the delay, or at once when the network comes back. */
  wait(delayMs: number): Promise<void>;
  /** Breaks off the piece under way; its promise then resolves with `lost`. */
  abort(): void;
}

export class UploadRun {
  private state: UploadState;
  private turning = false;

  constructor(
    private readonly transport: Transport,
    batch: number | null,
    private readonly onChange: (state: UploadState, sentOfPiece: number) => void,
  ) {
    this.state = firstState(batch);
  }

  /** Runs until the upload is finished, refused or paused. Calling it twice does no harm. */
  async run(): Promise<UploadState> {
    if (this.turning) return this.state;
    this.turning = true;
    while (isBusy(this.state)) {
      const before = this.state;
      const event = await this.act(before);
      // A pause while the piece was under way has already moved the state on.
      if (this.state === before) this.apply(event);
    }
    this.turning = false;
    return this.state;
  }

  pause(): void {
    this.apply({ kind: "paused" });
    this.transport.abort();
  }

  async resume(): Promise<UploadState> {
    this.apply({ kind: "resumed" });
    return this.run();
  }

  private async act(state: UploadState): Promise<UploadEvent> {
    switch (state.kind) {
      case "creating":
        return this.transport.create();
      case "locating":
        return this.transport.locate(state.batch);
      case "sending":
        return this.transport.send(state.batch, nextChunk(state.offset, state.size), (bytes) => {
          if (this.state === state) this.onChange(state, bytes);
        });
      default:
        await this.transport.wait(state.kind === "waiting" ? state.delayMs : 0);
        return { kind: "waited" };
    }
  }

  private apply(event: UploadEvent): void {
    const next = step(this.state, event);
    if (next === this.state) return;
    this.state = next;
    this.onChange(next, 0);
  }
}

export function isBusy(state: UploadState): boolean {
  return state.kind === "creating" || state.kind === "locating" || state.kind === "sending" ||
    state.kind === "waiting";
}
