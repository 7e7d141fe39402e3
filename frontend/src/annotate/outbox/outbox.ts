/**
 * Answers on their way: kept on this computer until the server has confirmed them.
 *
 * An answer is written down before it is sent, and removed only when its receipt has come. No answer
 * from the server means "unknown", so the same key goes again; the server tells a replay by it.
 */

import { Observable } from "@/annotate/observable";
import type { Claims, Receipt, Stored } from "@/annotate/server";

import { type Failure, meaningOf } from "./meaning";
import { Retry } from "./retry";
import { isClash, type Sent, type Store, type Waiting } from "./store";

export interface OutboxState {
  /** Answers without a receipt that may still be sent, oldest first. */
  readonly waiting: readonly Waiting[];
  /** Answers that the server will never take as they are. */
  readonly refused: readonly Waiting[];
  /** Of the refused ones, those beside which another window's answer stands. */
  readonly clashes: readonly Waiting[];
  /** Confirmed answers, newest first. */
  readonly sent: readonly Sent[];
  readonly sending: boolean;
  readonly failure: Failure | null;
  /** False: this browser keeps nothing beyond the page. */
  readonly lasting: boolean;
}

/** A claim that goes along with an answer: how many items to hold, and who takes what it brings. */
export interface ClaimAlong {
  readonly hold: number;
  readonly bring: (claims: Claims) => void;
}

export interface OutboxDeps {
  send: (answer: Waiting, hold: number | null) => Promise<Stored>;
  /** Who is signed in now, by id; null: nobody. Throws where it can't be told. */
  whoAmI: () => Promise<number | null>;
  /** Runs the work in one tab of this browser at a time. */
  alone: (name: string, work: () => Promise<void>) => Promise<void>;
  random: () => number;
}

type Outcome = "sent" | "refused" | "clash" | "later" | Failure;

export class Outbox extends Observable<OutboxState> {
  private flushing: Promise<void> | null = null;
  private asked = false;
  /** Answers that could not be written down. */
  private readonly unkept: Waiting[] = [];
  private readonly retry: Retry;
  /** The desk's claims, so that a round is one request; none while no desk is open. */
  claimAlong: (answer: Waiting) => ClaimAlong | null = () => null;

  constructor(
    private readonly user: number,
    private readonly store: Store,
    private readonly deps: OutboxDeps,
  ) {
    super({
      waiting: [],
      refused: [],
      clashes: [],
      sent: [],
      sending: false,
      failure: null,
      lasting: store.lasting,
    });
    this.retry = new Retry(deps.random, () => void this.flush());
  }

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

  /** Of an item answered in two windows, the answer from here is thrown away, with its changes. */
  async keepOther(assignment: string): Promise<void> {
    const rows = [...(await this.store.waiting(this.user)), ...this.state.waiting];
    for (const { key } of rows.filter((one) => one.assignment === assignment)) {
      await this.store.discard(key);
      this.letGo(key);
    }
    this.put({ waiting: this.state.waiting.filter((one) => one.assignment !== assignment) });
    await this.refresh();
  }

  /** The answer from here takes the place of the other window's. */
  async replaceOther(assignment: string): Promise<void> {
    const rows = await this.store.waiting(this.user);
    for (const row of rows.filter((one) => one.assignment === assignment && isClash(one))) {
      await this.store.enqueue({ ...row, first: false, refusal: null });
    }
    await this.refresh();
    await this.flush();
  }

  /** Sends what waits. Asked while it runs, it makes one more round; resolves when all is tried. */
  flush(): Promise<void> {
    this.asked = true;
    this.flushing ??= this.rounds();
    return this.flushing;
  }

  /** Resolves when nothing is under way (waiting for a retry is not). */
  quiet(): Promise<void> {
    return this.flushing ?? Promise.resolve();
  }

  dispose(): void {
    this.retry.stop();
    this.forgetListeners();
  }

  private async rounds(): Promise<void> {
    try {
      while (this.asked) {
        this.asked = false;
        await this.deps.alone(`triptych-outbox-${this.user}`, () => this.round());
      }
    } finally {
      this.flushing = null;
    }
  }

  private async round(): Promise<void> {
    const stored = await this.store.waiting(this.user);
    const rows = [...stored, ...this.unkept].filter((row) => row.refusal === null);
    const held = new Set(stored.filter(isClash).map(({ assignment }) => assignment));
    if (rows.length === 0) {
      this.retry.succeeded();
      await this.refresh({ sending: false, failure: null });
      return;
    }
    this.put({ sending: true });
    let failure: Failure | null = null;
    for (const row of rows) {
      // A change never overtakes the answer that it changes, nor the choice between two of them.
      if (held.has(row.assignment)) continue;
      const outcome = await this.sendOne(row);
      if (outcome === "sent" || outcome === "refused") continue;
      held.add(row.assignment);
      if (outcome === "clash") continue;
      failure = outcome === "later" ? "busy" : outcome;
      // Without a network or a session the others would fare no better.
      if (outcome !== "later") break;
    }
    await this.refresh({ sending: false, failure });
    this.retry.plan(failure);
  }

  private async sendOne(row: Waiting): Promise<Outcome> {
    const along = this.claimAlong(row);
    let stored: Stored;
    try {
      stored = await this.deps.send(row, along?.hold ?? null);
    } catch (error) {
      return this.after(row, error);
    }
    const { claims, ...receipt } = stored;
    if (claims) along?.bring(claims);
    const sent = toSent(row, receipt);
    await this.store.confirm(sent);
    this.letGo(row.key);
    this.put({
      waiting: this.state.waiting.filter(({ key }) => key !== row.key),
      sent: [sent, ...this.state.sent],
      failure: null,
    });
    this.retry.succeeded();
    return "sent";
  }

  private async after(row: Waiting, error: unknown): Promise<Outcome> {
    const meaning = meaningOf(error);
    if (meaning.waitMs !== null) this.retry.waitAtLeast(meaning.waitMs);
    if (meaning.perhapsSomebodyElse) {
      // Perhaps it isn't the answer: somebody else may have signed in on this browser.
      const other = await this.somebodyElse();
      if (other) return other;
    }
    if (meaning.outcome !== "refused") return meaning.outcome;
    const { refusal } = meaning;
    const refused = { ...row, refusal };
    if (this.letGo(row.key)) await this.store.enqueue(refused);
    else await this.store.refuse(row.key, refusal);
    return isClash(refused) ? "clash" : "refused";
  }

  /** True: it was one of those that could not be written down. */
  private letGo(key: string): boolean {
    const index = this.unkept.findIndex((row) => row.key === key);
    if (index !== -1) this.unkept.splice(index, 1);
    return index !== -1;
  }

  private async somebodyElse(): Promise<Failure | null> {
    try {
      const id = await this.deps.whoAmI();
      if (id === null) return "signed_out";
      return id === this.user ? null : "other_user";
    } catch {
      return "offline";
    }
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
      clashes: rows.filter(isClash),
      sent,
      ...change,
    });
  }
}

function toSent(row: Waiting, receipt: Receipt): Sent {
  const { key, user, project, assignment, at, prompt, thumbnails } = row;
  return { key, user, project, assignment, at, prompt, thumbnails, receipt };
}
