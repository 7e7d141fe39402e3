/**
 * The next items: claimed, fetched and decoded before they are needed.
 *
 * To the server an annotator holds what is on the desk, what is ready, and what was answered but
 * has not reached it yet; the queue asks for enough that ten more can be answered without a network.
 * It asks along with the answers that are sent, and by itself when none is on its way or nobody can
 * wait for it.
 */

import { Alarm } from "@/annotate/alarm";
import { Observable } from "@/annotate/observable";
import type { ClaimAlong } from "@/annotate/outbox/outbox";
import type { Assignment, Claims, Heartbeat } from "@/annotate/server";

import { ImageCache, type Images } from "./imageCache";
import { outlookOf, type QueueStatus } from "./outlook";

export interface Ready {
  readonly assignment: Assignment;
  readonly images: Images;
}

export interface QueueState {
  readonly status: QueueStatus;
  readonly ready: readonly Ready[];
  /** Milliseconds since the epoch: when the queue asks again by itself. */
  readonly askAgainAt: number | null;
  readonly doneToday: number;
  readonly remaining: number;
  readonly remainingIsCapped: boolean;
  /** What a lead who has paused this person wrote to them. */
  readonly note: string;
  /** Why the last claim failed. */
  readonly error: unknown;
}

export interface QueueDeps {
  readonly project: number;
  claim: (count: number) => Promise<Claims>;
  heartbeat: () => Promise<Heartbeat>;
  load: (assignment: Assignment) => Promise<Images>;
  /** Frees the memory of images that are not needed any more. */
  unload: (images: Images) => void;
  /** Decodes them again where that has been forgotten meanwhile. */
  warm: (images: Images) => void;
  /** Assignments answered here whose answers are still on their way. */
  unsent: () => ReadonlySet<string>;
  /** Whether one of them is being sent, and brings a claim along. */
  claimComes: () => boolean;
  /** A lease on one of these has lapsed. */
  lapsed: (ids: readonly string[]) => void;
  /** A lead has paused this person here: what they hold has gone back. */
  paused: (note: string) => void;
  /** Nobody has touched the desk for so long that its leases are not renewed. */
  isIdle: () => boolean;
  now: () => number;
  random: () => number;
}

/** On the desk, and ten and one ahead. The server gives less where colleagues would lack them. */
const HELD = 12;
/** On the desk, and two ahead, where no more than HELD are left for this person. */
const HELD_NEAR_THE_END = 3;
/** With answers that are on their way; the server lets nobody hold more. */
const HELD_MAX = 15;
/** More is asked for when so much of it is missing: most answers then bring nothing along. */
const REFILL = 1 / 4;
/** How long a desk may not know that a lead has stopped it. */
const BEAT_MS = 60_000;

/** What was answered here when the server was asked. */
interface Moment {
  readonly unsent: ReadonlySet<string>;
  readonly answeredHere: number;
}

const NOTHING_YET: QueueState = {
  status: "working",
  ready: [],
  askAgainAt: null,
  doneToday: 0,
  remaining: 0,
  remainingIsCapped: false,
  note: "",
  error: null,
};

export class Queue extends Observable<QueueState> {
  private readonly images: ImageCache;
  private readonly loading = new Map<string, Promise<void>>();
  /** Taken from the queue and not answered: on the desk, or parked beside it. */
  private readonly held = new Set<string>();
  /** Of these, whose lease is over: to the server they are among what is left. */
  private readonly lapsed = new Set<string>();
  /** Answered or given back from here; a claim that was under way may still bring them. */
  private readonly finished = new Set<string>();
  private asking: Promise<void> | null = null;
  private asked = false;
  /** Images come in the order in which they are needed, an item's at a time. */
  private line: Promise<void> = Promise.resolve();
  private failures = 0;
  private answeredHere = 0;
  /** What is held, as the server has it: what somebody waits for comes first. */
  private order: readonly string[] = [];
  /** How far `doneToday` is to be believed: see `ask`. */
  private count: "unknown" | "about" | "exact" = "unknown";
  private readonly alarm: Alarm;
  private heartbeat: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly deps: QueueDeps) {
    super(NOTHING_YET);
    this.images = new ImageCache(deps);
    this.alarm = new Alarm(() => {
      this.put({ askAgainAt: null });
      void this.topUp();
    });
  }

  start(leaseSeconds: number): void {
    this.stop();
    this.heartbeat = setInterval(
      () => {
        if (!this.deps.isIdle()) void this.beat();
      },
      Math.min((leaseSeconds * 1000) / 3, BEAT_MS),
    );
    void this.topUp();
  }

  stop(): void {
    this.alarm.stop();
    if (this.heartbeat !== null) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }

  dispose(): void {
    this.stop();
    this.forgetListeners();
    this.images.clear();
  }

  /** The next item whose images are here; null when none is. Asks for more either way. */
  take(): Ready | null {
    const { ready } = this.state;
    // What could not be fetched waits behind what could: the network may come back.
    const next = ready.find(({ assignment }) => this.images.isWhole(assignment.id)) ?? ready[0];
    if (next) {
      this.held.add(next.assignment.id);
      const rest = ready.filter((one) => one !== next);
      this.state = { ...this.state, ready: rest };
      if (rest[0]) this.deps.warm(rest[0].images);
      // Listeners hear of it after the taker has used what they took: one that takes whenever
      // something is ready must not take a second item in the middle of the first.
      queueMicrotask(() => this.put({}));
    }
    void this.topUp();
    return next ?? null;
  }

  /** The item was answered, and its answer is on its way. */
  answered(id: string, firstTime: boolean): void {
    this.held.delete(id);
    this.finished.add(id);
    this.answeredHere += 1;
    if (firstTime) this.put({ doneToday: this.state.doneToday + 1 });
    this.forgetOld();
  }

  /** The item went back to the server. */
  released(id: string): void {
    this.held.delete(id);
    this.finished.add(id);
    this.forgetOld();
  }

  /** The item is somebody else's by now; it may come again. */
  letGo(id: string): void {
    this.held.delete(id);
    this.forgetOld();
  }

  /** Reopened to change an answer: its images stay. */
  pin(id: string): void {
    this.images.pinned = id;
  }

  /** How many items are ahead of this person, those they hold included. */
  ahead(): number {
    const held = [...this.held].filter((id) => !this.lapsed.has(id));
    return this.state.remaining + this.state.ready.length + held.length;
  }

  imagesOf(id: string): Images | null {
    return this.images.of(id);
  }

  /** Fetches an item's images again: after an undo, or when one was missing. */
  async fetchImages(assignment: Assignment): Promise<void> {
    if (this.images.isWhole(assignment.id)) return;
    await this.images.load(assignment);
    this.put({});
  }

  /** Claims what is missing. One claim at a time; asked meanwhile, it looks again after it. */
  topUp(): Promise<void> {
    if (!this.asking && !this.isShort() && !this.canCount()) return Promise.resolve();
    if (!this.isBare() && this.deps.claimComes()) return Promise.resolve();
    this.asked = true;
    this.asking ??= this.askWhileAsked();
    return this.asking;
  }

  /** What an answer that is sent now asks for besides; null: nothing is missing. */
  claimAlong(answered: string): ClaimAlong | null {
    const before = this.moment(answered);
    const counts = this.count === "about" && before.unsent.size === 0;
    if (!this.isShort() && !counts) return null;
    return { hold: this.requested(before), bring: (claims) => void this.receive(claims, before) };
  }

  /** Renews the leases, and lets go of what the server has given to somebody else. */
  async beat(): Promise<void> {
    // What is claimed while the request is under way can't be in its answer.
    const sent = new Set([...this.held, ...this.state.ready.map((one) => one.assignment.id)]);
    let heard: Heartbeat;
    try {
      heard = await this.deps.heartbeat();
    } catch {
      // The next beat tries again; a lease outlives two missed ones.
      return;
    }
    const renewed = new Set(heard.held);
    const isLost = (id: string) => sent.has(id) && !renewed.has(id);
    const kept = this.state.ready.filter(({ assignment }) => !isLost(assignment.id));
    const lapsed = [...this.held].filter(isLost);
    this.lapsed.clear();
    lapsed.forEach((id) => this.lapsed.add(id));
    if (kept.length < this.state.ready.length) {
      this.put({ ready: kept });
      void this.topUp();
    }
    if (lapsed.length > 0) this.deps.lapsed(lapsed);
    const stopped = heard.paused.find(({ project }) => project === this.deps.project);
    if (stopped) this.deps.paused(stopped.note);
  }

  private aim(): number {
    const { remaining, remainingIsCapped } = this.state;
    const much = this.count === "unknown" || remainingIsCapped || remaining > HELD;
    return much ? HELD : HELD_NEAR_THE_END;
  }

  private requested({ unsent }: Moment): number {
    return Math.min(this.aim() + unsent.size, HELD_MAX);
  }

  private isShort(): boolean {
    const aim = this.aim();
    const has = this.held.size + this.state.ready.length + this.loading.size;
    return aim - has >= aim * REFILL;
  }

  /** Whether the server's count would be exact now, and ours is not. */
  private canCount(): boolean {
    return this.count === "about" && this.deps.unsent().size === 0;
  }

  private async askWhileAsked(): Promise<void> {
    try {
      while (this.asked && (this.isShort() || this.canCount())) {
        this.asked = false;
        await this.ask();
      }
    } finally {
      this.asked = false;
      this.asking = null;
    }
  }

  /** What the server may not know yet when it is asked now. */
  private moment(arriving?: string): Moment {
    const unsent = new Set(this.deps.unsent());
    if (arriving !== undefined) unsent.delete(arriving);
    return { unsent, answeredHere: this.answeredHere };
  }

  private async ask(): Promise<void> {
    const before = this.moment();
    let claims: Claims;
    try {
      claims = await this.deps.claim(this.requested(before));
    } catch (error) {
      this.failures += 1;
      this.put({ error, ...(this.isBare() ? { status: "failing" as const } : {}) });
      this.askIn(Math.min(1000 * 2 ** this.failures, 30_000));
      return;
    }
    const loads = this.receive(claims, before);
    // The first one is enough to go on; the others come while it is judged.
    if (loads.length > 0) await Promise.race(loads);
  }

  /** Takes in what a claim has brought; the loading of what is new of it. */
  private receive(claims: Claims, { unsent, answeredHere }: Moment): Promise<void>[] {
    this.failures = 0;
    this.order = claims.assignments.map(({ id }) => id);
    const fresh = claims.assignments.filter((assignment) => !this.knows(assignment.id));
    const onTheirWay = claims.assignments.filter(({ id }) => unsent.has(id) || this.finished.has(id));
    // An answer that arrives while the claim is under way may or may not be in the server's count.
    const exact = unsent.size === 0 && this.answeredHere === answeredHere;
    const first = this.count === "unknown";
    this.count = exact ? "exact" : "about";
    this.put({
      error: null,
      note: claims.note,
      doneToday:
        exact || first ? claims.done_today + onTheirWay.length : this.state.doneToday,
      remaining: claims.remaining_for_you,
      remainingIsCapped: claims.remaining_is_capped,
    });
    const loads = fresh.map((assignment) => this.load(assignment));
    this.settle(claims, fresh.length > 0, onTheirWay.length > 0);
    return loads;
  }

  private settle(claims: Claims, anythingNew: boolean, waitsForSending: boolean): void {
    if (anythingNew || !this.isBare()) {
      this.put({ status: "working", askAgainAt: null });
      return;
    }
    const { status, askInMs } = outlookOf(claims, waitsForSending, this.deps.now());
    this.put({ status });
    this.askIn(askInMs);
  }

  /** A little later than told, by chance, so that people who wait don't all ask at once. */
  private askIn(ms: number): void {
    const wait = ms + this.deps.random() * Math.min(ms, 2000);
    this.put({ askAgainAt: this.deps.now() + wait });
    this.alarm.set(wait);
  }

  /** On a slow line items that are needed later would delay the first. */
  private load(assignment: Assignment): Promise<void> {
    const done = this.line.then(() => this.fetch(assignment));
    this.line = done;
    this.loading.set(assignment.id, done);
    return done;
  }

  private async fetch(assignment: Assignment): Promise<void> {
    const images = await this.images.load(assignment);
    this.loading.delete(assignment.id);
    this.put({ ready: this.inOrder({ assignment, images }), status: "working" });
  }

  /** What is ready with one more, which stands where the server has it. */
  private inOrder(more: Ready): readonly Ready[] {
    const place = (one: Ready) => {
      const at = this.order.indexOf(one.assignment.id);
      return at < 0 ? this.order.length : at;
    };
    return [...this.state.ready, more].sort((one, other) => place(one) - place(other));
  }

  private knows(id: string): boolean {
    return (
      this.held.has(id) ||
      this.finished.has(id) ||
      this.loading.has(id) ||
      this.deps.unsent().has(id) ||
      this.state.ready.some(({ assignment }) => assignment.id === id)
    );
  }

  private isBare(): boolean {
    return this.held.size === 0 && this.state.ready.length === 0 && this.loading.size === 0;
  }

  private forgetOld(): void {
    const ready = this.state.ready.map(({ assignment }) => assignment.id);
    this.images.forgetAllBut([...this.held, ...ready]);
  }
}
