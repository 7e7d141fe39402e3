/**
 * Answers on their way: kept on this computer until the server has confirmed them.
 *
 * An answer is written down before it is sent, and removed only with a receipt in hand. No answer
 * from the server means "unknown", so the same key goes again; the server tells a replay by it.
 */

import { ApiError, NoAnswer } from "@/api/client";
import type { Receipt } from "@/api/types";

import type { Sent, Store, Waiting } from "./store";

export interface OutboxState {
  /** Answers without a receipt that may still be sent, oldest first. */
  readonly waiting: readonly Waiting[];
  /** Answers that the server will never take as they are. */
  readonly refused: readonly Waiting[];
  /** Confirmed answers, newest first. */
  readonly sent: readonly Sent[];
  readonly sending: boolean;
  readonly trouble: Trouble | null;
  /** False: this browser keeps nothing beyond the page. */
  readonly lasting: boolean;
}

/** `offline`: no answer came. `busy`: the server asks to wait. The others need the person. */
export type Trouble = "offline" | "busy" | "signed_out" | "other_user";

export interface OutboxDoors {
  send: (answer: Waiting) => Promise<Receipt>;
  /** Who is signed in now, by id; null: nobody. Throws where it can't be told. */
  whoAmI: () => Promise<number | null>;
  /** Runs the work in one tab of this browser at a time. */
  alone: (name: string, work: () => Promise<void>) => Promise<void>;
  now: () => number;
  chance: () => number;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Refusals that say nothing about the answer itself: the same may be taken later. */
const PASSING = new Set([408, 425, 429]);

type Outcome = "sent" | "refused" | "later" | Trouble;

export class Outbox {
  private state: OutboxState;
  private readonly listeners = new Set<() => void>();
  private flushing: Promise<void> | null = null;
  private wished = false;
  /** Answers that could not be written down. */
  private readonly unkept: Waiting[] = [];
  private failures = 0;
  private askedToWaitMs = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly user: number,
    private readonly store: Store,
    private readonly doors: OutboxDoors,
  ) {
    this.state = {
      waiting: [],
      refused: [],
      sent: [],
      sending: false,
      trouble: null,
      lasting: store.lasting,
    };
  }

  snapshot = (): OutboxState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads what an earlier page left, and sends it. */
  async open(): Promise<void> {
    await this.refresh();
    void this.flush();
  }

  /** Written down, then on its way. Resolves when it is written down. */
  async post(answer: Omit<Waiting, "user" | "refusal">): Promise<void> {
    const row: Waiting = { ...answer, user: this.user, refusal: null };
    // Shown as waiting from this moment, so that nothing takes it for unanswered.
    this.put({ waiting: [...this.state.waiting, row] });
    try {
      await this.store.enqueue(row);
    } catch {
      // The disk is full, or the browser took its storage back: the page itself keeps it.
      this.unkept.push(row);
      this.put({ lasting: false });
    }
    void this.flush();
  }

  /** Throws away an answer that was refused. */
  async discard(key: string): Promise<void> {
    await this.store.discard(key);
    await this.refresh();
  }

  /** Sends what waits. A wish while it runs is one more round; resolves when all is tried. */
  flush(): Promise<void> {
    this.wished = true;
    this.flushing ??= this.rounds();
    return this.flushing;
  }

  /** Resolves when nothing is under way (waiting for a retry is not). */
  quiet(): Promise<void> {
    return this.flushing ?? Promise.resolve();
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.listeners.clear();
  }

  private async rounds(): Promise<void> {
    try {
      while (this.wished) {
        this.wished = false;
        await this.doors.alone(`triptych-outbox-${this.user}`, () => this.round());
      }
    } finally {
      this.flushing = null;
    }
  }

  private async round(): Promise<void> {
    const stored = await this.store.waiting(this.user);
    const rows = [...stored, ...this.unkept].filter((row) => row.refusal === null);
    if (rows.length === 0) {
      this.failures = 0;
      await this.refresh({ sending: false, trouble: null });
      return;
    }
    this.put({ sending: true });
    let trouble: Trouble | null = null;
    const held = new Set<string>();
    for (const row of rows) {
      // A change never overtakes the answer that it changes.
      if (held.has(row.assignment)) continue;
      const outcome = await this.sendOne(row);
      if (outcome === "sent" || outcome === "refused") continue;
      held.add(row.assignment);
      trouble = outcome === "later" ? "busy" : outcome;
      // Without a network or a session the others would fare no better.
      if (outcome !== "later") break;
    }
    await this.refresh({ sending: false, trouble });
    this.planNext(trouble);
  }

  private async sendOne(row: Waiting): Promise<Outcome> {
    let receipt: Receipt;
    try {
      receipt = await this.doors.send(row);
    } catch (error) {
      return this.after(row, error);
    }
    const sent = toSent(row, receipt);
    await this.store.confirm(sent);
    this.letGo(row.key);
    this.put({
      waiting: this.state.waiting.filter(({ key }) => key !== row.key),
      sent: [sent, ...this.state.sent],
      trouble: null,
    });
    this.failures = 0;
    return "sent";
  }

  private async after(row: Waiting, error: unknown): Promise<Outcome> {
    if (error instanceof NoAnswer) return "offline";
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return "signed_out";
    if (error.retryAfterSeconds !== null) {
      this.askedToWaitMs = Math.max(this.askedToWaitMs, error.retryAfterSeconds * 1000);
      return "later";
    }
    if (error.status >= 500 || PASSING.has(error.status)) return "later";
    if (error.status === 403 || error.status === 404) {
      // Perhaps it isn't the answer: somebody else may have signed in on this browser.
      const other = await this.somebodyElse();
      if (other) return other;
      if (error.code === "csrf") return "later";
    }
    const refusal = { code: error.code, message: error.message };
    if (this.letGo(row.key)) await this.store.enqueue({ ...row, refusal });
    else await this.store.refuse(row.key, refusal);
    return "refused";
  }

  /** True: it was one of those that could not be written down. */
  private letGo(key: string): boolean {
    const index = this.unkept.findIndex((row) => row.key === key);
    if (index !== -1) this.unkept.splice(index, 1);
    return index !== -1;
  }

  private async somebodyElse(): Promise<Trouble | null> {
    try {
      const id = await this.doors.whoAmI();
      if (id === null) return "signed_out";
      return id === this.user ? null : "other_user";
    } catch {
      return "offline";
    }
  }

  /** Ever longer waits, spread by chance; none while a person has to act first. */
  private planNext(trouble: Trouble | null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (trouble !== "offline" && trouble !== "busy") return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS);
    const spread = Math.max(wait * (0.5 + this.doors.chance() / 2), this.askedToWaitMs);
    this.failures += 1;
    this.askedToWaitMs = 0;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, spread);
  }

  private async refresh(change: Partial<OutboxState> = {}): Promise<void> {
    const [rows, sent] = await Promise.all([
      this.store.waiting(this.user),
      this.store.receipts(this.user),
    ]);
    const stored = new Set(rows.map(({ key }) => key));
    const confirmed = new Set(sent.map(({ key }) => key));
    // Posted a moment ago, and not in the store yet when it was read.
    const unwritten = this.state.waiting.filter(
      ({ key }) => !stored.has(key) && !confirmed.has(key),
    );
    this.put({
      waiting: [...rows.filter((row) => row.refusal === null), ...unwritten],
      refused: rows.filter((row) => row.refusal !== null),
      sent,
      ...change,
    });
  }

  private put(change: Partial<OutboxState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}

function toSent(row: Waiting, receipt: Receipt): Sent {
  const { key, user, project, assignment, at, prompt, thumbnails } = row;
  return { key, user, project, assignment, at, prompt, thumbnails, receipt };
}

/** A random UUID, also on plain http origins, where `crypto.randomUUID` is missing. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
