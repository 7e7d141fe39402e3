/**
 * The review of one item: its state and its one step function, pure. Keyboard, buttons and pointer
 * all become the same events.
 */

import type { Schemas } from "@/api/client";

export type Verdict = "accept" | "reject";

/** Which of the usual reasons it is; none: the reviewer's own words. */
export type RejectionCode = Exclude<Schemas["RejectionCode"], "other">;

export interface GivenVerdict {
  verdict: Verdict;
  reason: string;
  code?: RejectionCode;
  /** What the reviewer would have answered instead of a rejected answer. */
  answers?: Readonly<Record<string, unknown>>;
}

/** An annotation as the session needs it; `decided` when an earlier look at the item settled it. */
export interface Judged {
  id: string;
  decided: boolean;
}

export interface ReviewSession {
  annotations: readonly Judged[];
  /** Index of the chosen annotation; 0 when there is none. */
  chosen: number;
  given: Readonly<Record<string, GivenVerdict>>;
  /** The reason is being asked for the chosen annotation. */
  asking: boolean;
  /** What stopped the last attempt, to be shown in words. */
  complaint: "undecided" | "short_reason" | null;
}

export type ReviewEvent =
  | { kind: "choose"; index: number }
  | { kind: "move"; by: 1 | -1 }
  | { kind: "accept" }
  | { kind: "accept_all" }
  | { kind: "ask_reason" }
  | { kind: "reject"; reason: string; code?: RejectionCode }
  | { kind: "correct"; answers: Readonly<Record<string, unknown>> }
  | { kind: "cancel" }
  | { kind: "clear" }
  | { kind: "try_submit" };

/** The server refuses shorter ones: a reason is for the person whose work is sent back. */
export const SHORTEST_REASON = 3;

export function startReview(annotations: readonly Judged[]): ReviewSession {
  const first = annotations.findIndex((annotation) => !annotation.decided);
  return {
    annotations,
    chosen: Math.max(0, first),
    given: {},
    asking: false,
    complaint: null,
  };
}

export function step(state: ReviewSession, event: ReviewEvent): ReviewSession {
  const quiet = { ...state, complaint: null };
  switch (event.kind) {
    case "choose":
      return event.index < state.annotations.length
        ? { ...quiet, chosen: event.index, asking: false }
        : state;
    case "move":
      return { ...quiet, chosen: around(state, event.by), asking: false };
    case "accept":
      return decide(quiet, { verdict: "accept", reason: "" });
    case "accept_all":
      return acceptUndecided(quiet);
    case "ask_reason":
      return isOpen(state, state.chosen) ? { ...quiet, asking: true } : quiet;
    case "reject":
      return rejected(quiet, event.reason.trim(), event.code);
    case "correct":
      return corrected(quiet, event.answers);
    case "cancel":
      return { ...quiet, asking: false };
    case "clear":
      return cleared(quiet);
    case "try_submit":
      return isComplete(state) ? quiet : complain(state);
  }
}

/** Every annotation that was open has a verdict, so the review can be sent. */
export function isComplete(state: ReviewSession): boolean {
  return state.annotations.length > 0 && nextUndecided(state, 0) === null;
}

/** What is sent: the verdicts given now, not those of an earlier look. */
export function verdicts(state: ReviewSession): Record<string, GivenVerdict> {
  return { ...state.given };
}

function decide(state: ReviewSession, verdict: GivenVerdict): ReviewSession {
  const annotation = state.annotations[state.chosen];
  if (annotation === undefined || annotation.decided) return state;
  const given = { ...state.given, [annotation.id]: verdict };
  const decided = { ...state, given, asking: false };
  return { ...decided, chosen: nextUndecided(decided, state.chosen) ?? state.chosen };
}

function rejected(state: ReviewSession, reason: string, code?: RejectionCode): ReviewSession {
  if (reason.length < SHORTEST_REASON) return { ...state, complaint: "short_reason" };
  return decide(state, { verdict: "reject", reason, ...(code === undefined ? {} : { code }) });
}

/** A rejection already given stays: accepting the rest must not overwrite it. */
function acceptUndecided(state: ReviewSession): ReviewSession {
  const given = { ...state.given };
  for (const { id, decided } of state.annotations) {
    if (!decided) given[id] ??= { verdict: "accept", reason: "" };
  }
  return { ...state, given, asking: false };
}

/** Whether the chosen annotation is rejected now, so that its reviewer may correct it. */
export function isCorrectable(state: ReviewSession): boolean {
  return givenOn(state)?.verdict === "reject";
}

export function givenOn({ annotations, chosen, given }: ReviewSession): GivenVerdict | undefined {
  const annotation = annotations[chosen];
  return annotation && given[annotation.id];
}

function corrected(
  state: ReviewSession,
  answers: Readonly<Record<string, unknown>>,
): ReviewSession {
  const annotation = state.annotations[state.chosen];
  const before = givenOn(state);
  if (!annotation || before?.verdict !== "reject") return state;
  return { ...state, given: { ...state.given, [annotation.id]: { ...before, answers } } };
}

function cleared(state: ReviewSession): ReviewSession {
  const annotation = state.annotations[state.chosen];
  if (annotation === undefined) return state;
  const given = Object.fromEntries(
    Object.entries(state.given).filter(([id]) => id !== annotation.id),
  );
  return { ...state, given, asking: false };
}

function complain(state: ReviewSession): ReviewSession {
  return { ...state, complaint: "undecided", chosen: nextUndecided(state, 0) ?? state.chosen };
}

function around(state: ReviewSession, by: 1 | -1): number {
  const count = state.annotations.length;
  return count === 0 ? 0 : (state.chosen + by + count) % count;
}

/** The first undecided annotation from `start` on, going round; null when all are decided. */
function nextUndecided(state: ReviewSession, start: number): number | null {
  const count = state.annotations.length;
  for (let offset = 0; offset < count; offset += 1) {
    const index = (start + offset) % count;
    const annotation = state.annotations[index];
    if (annotation !== undefined && isOpen(state, index) && !(annotation.id in state.given)) {
      return index;
    }
  }
  return null;
}

function isOpen(state: ReviewSession, index: number): boolean {
  const annotation = state.annotations[index];
  return annotation !== undefined && !annotation.decided;
}
