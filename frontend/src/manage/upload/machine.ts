/**
 * One upload's state and its one step function; pure. The server's offset is the truth: after
 * anything uncertain the machine asks for it again instead of trusting what it sent.
 */

export const CHUNK_BYTES = 8 * 1024 * 1024;

export type UploadState =
  | { kind: "creating" }
  | { kind: "locating"; batch: number; failures: number }
  | { kind: "sending"; batch: number; offset: number; size: number; failures: number }
  /** `batch` is null when the network went before the batch was made. */
  | { kind: "waiting"; batch: number | null; failures: number; delayMs: number }
  | { kind: "paused"; batch: number }
  | { kind: "finished"; batch: number }
  | { kind: "refused"; batch: number | null; code: string; message: string };

export type UploadEvent =
  | { kind: "created"; batch: number; size: number }
  | { kind: "located"; offset: number; size: number }
  | { kind: "accepted"; offset: number }
  | { kind: "mismatched"; offset: number }
  | { kind: "lost" }
  | { kind: "waited" }
  | { kind: "paused" }
  | { kind: "resumed" }
  | { kind: "refused"; code: string; message: string };

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** Doubles from one second, and stays at thirty. */
export function retryDelayMs(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
}

/** Where an upload starts: anew, or with a batch that was begun before a reload. */
export function firstState(batch: number | null): UploadState {
  return batch === null ? { kind: "creating" } : { kind: "locating", batch, failures: 0 };
}

/** An event that the state does not expect changes nothing. */
export function step(state: UploadState, event: UploadEvent): UploadState {
  if (event.kind === "refused") return refused(state, event);
  switch (state.kind) {
    case "creating":
      if (event.kind === "created") return sending(event.batch, 0, event.size, 0);
      return event.kind === "lost" ? waiting(null, 1) : state;
    case "locating":
      if (event.kind === "located") {
        return sending(state.batch, event.offset, event.size, state.failures);
      }
      if (event.kind === "paused") return { kind: "paused", batch: state.batch };
      return event.kind === "lost" ? waiting(state.batch, state.failures + 1) : state;
    case "sending":
      return stepSending(state, event);
    case "waiting":
      if (event.kind === "paused" && state.batch !== null) {
        return { kind: "paused", batch: state.batch };
      }
      if (event.kind !== "waited") return state;
      return state.batch === null
        ? { kind: "creating" }
        : { kind: "locating", batch: state.batch, failures: state.failures };
    case "paused":
      return event.kind === "resumed"
        ? { kind: "locating", batch: state.batch, failures: 0 }
        : state;
    case "refused":
      return event.kind === "resumed" ? firstState(state.batch) : state;
    case "finished":
      return state;
  }
}

function stepSending(
  state: Extract<UploadState, { kind: "sending" }>,
  event: UploadEvent,
): UploadState {
  switch (event.kind) {
    case "accepted":
      return sending(state.batch, event.offset, state.size, 0);
    case "mismatched":
      // The same offset again would go round for ever: wait as after a lost network.
      return event.offset === state.offset
        ? waiting(state.batch, state.failures + 1)
        : sending(state.batch, event.offset, state.size, state.failures);
    case "lost":
      return waiting(state.batch, state.failures + 1);
    case "paused":
      return { kind: "paused", batch: state.batch };
    default:
      return state;
  }
}

function sending(batch: number, offset: number, size: number, failures: number): UploadState {
  return offset >= size
    ? { kind: "finished", batch }
    : { kind: "sending", batch, offset, size, failures };
}

function waiting(batch: number | null, failures: number): UploadState {
  return { kind: "waiting", batch, failures, delayMs: retryDelayMs(failures) };
}

function refused(
  state: UploadState,
  event: Extract<UploadEvent, { kind: "refused" }>,
): UploadState {
  if (state.kind === "finished") return state;
  const batch = state.kind === "creating" ? null : state.batch;
  return { kind: "refused", batch, code: event.code, message: event.message };
}

/** The next piece to send, as byte positions [start, end). */
export function nextChunk(offset: number, size: number): { start: number; end: number } {
  return { start: offset, end: Math.min(size, offset + CHUNK_BYTES) };
}
