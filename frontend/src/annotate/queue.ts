/**
 * The next items: claimed, fetched and decoded before they are needed.
 *
 * The server's hand holds what is on the desk, what is ready, and what was answered but has not
 * reached it yet; the queue asks for enough that two items are always ahead.
 */

import type { Assignment, Claims, ClaimStatus, Heartbeat, Letter } from "@/api/types";

export interface Image {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** An item's images by letter, in memory. `null`: one that could not be fetched or decoded. */
export type Images = Readonly<Record<Letter, Image | null>>;

export interface Ready {
  readonly assignment: Assignment;
  readonly images: Images;
}

/** `working`: something is, or will be, on the desk. The others are the server's own words. */
export type Standing = "working" | "sending" | "failing" | Exclude<ClaimStatus, "work">;

export interface QueueState {
  readonly standing: Standing;
  readonly ready: readonly Ready[];
  /** Milliseconds since the epoch: when the queue asks again by itself. */
  readonly askAgainAt: number | null;
  readonly doneToday: number;
  readonly remaining: number;
  readonly remainingIsCapped: boolean;
  /** Why the last claim failed. */
  readonly error: unknown;
}

export interface QueueDoors {
  claim: (count: number) => Promise<Claims>;
  heartbeat: () => Promise<Heartbeat>;
  load: (assignment: Assignment) => Promise<Images>;
  /** Frees the memory of images that are not needed any more. */
  unload: (images: Images) => void;
  /** Assignments answered here whose answers are still on their way. */
  unsent: () => ReadonlySet<string>;
  /** A lease on one of these has lapsed. */
  lapsed: (ids: readonly string[]) => void;
  now: () => number;
  chance: () => number;
}

/** On the desk, and two ahead. The server gives at most five into one hand. */
const HAND = 3;
const HAND_MAX = 5;
const POLL_MS = 15_000;
const IDLE_POLL_MS = 60_000;
/** Images of answered items kept for an undo that shows at once. */
const KEPT = 6;

export class Queue {
  private state: QueueState = {
    standing: "working",
    ready: [],
    askAgainAt: null,
    doneToday: 0,
    remaining: 0,
    remainingIsCapped: false,
    error: null,
  };
  private readonly listeners = new Set<() => void>();
  private readonly images = new Map<string, Images>();
  private readonly loading = new Map<string, Promise<void>>();
  /** Taken from the queue and not answered: on the desk, or parked beside it. */
  private readonly inHand = new Set<string>();
  /** Answered or given back from here; a claim that was under way may still bring them. */
  private readonly finished = new Set<string>();
  /** Reopened to change an answer: its images stay. */
  private pinned: string | null = null;
  private asking: Promise<void> | null = null;
  private wished = false;
  private failures = 0;
  private answeredHere = 0;
  /** How far `doneToday` is to be believed: see `ask`. */
  private count: "unknown" | "about" | "exact" = "unknown";
  private timer: ReturnType<typeof setTimeout> | null = null;
  private pulse: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly doors: QueueDoors) {}

  snapshot = (): QueueState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(leaseSeconds: number): void {
    this.stop();
    this.pulse = setInterval(() => void this.beat(), (leaseSeconds * 1000) / 3);
    void this.topUp();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.pulse !== null) clearInterval(this.pulse);
    this.timer = this.pulse = null;
  }

  dispose(): void {
    this.stop();
    this.listeners.clear();
    for (const images of this.images.values()) this.doors.unload(images);
    this.images.clear();
  }

  /** The next item whose images are here; null when none is. Asks for more either way. */
  take(): Ready | null {
    const [next, ...rest] = this.state.ready;
    if (next) {
      this.inHand.add(next.assignment.id);
      this.state = { ...this.state, ready: rest };
      // Listeners hear of it after the taker has used what they took: one that takes whenever
      // something is ready must not take a second item in the middle of the first.
      queueMicrotask(() => this.put({}));
    }
    void this.topUp();
    return next ?? null;
  }

  /** The item was answered, and its answer is on its way. */
  answered(id: string, firstTime: boolean): void {
    this.inHand.delete(id);
    this.finished.add(id);
    this.answeredHere += 1;
    if (firstTime) this.put({ doneToday: this.state.doneToday + 1 });
    this.forgetOld();
  }

  /** The item went back to the server. */
  released(id: string): void {
    this.inHand.delete(id);
    this.finished.add(id);
    this.forgetOld();
  }

  pin(id: string | null): void {
    this.pinned = id;
  }

  /** How many items are ahead of this person, those in their hand included. */
  ahead(): number {
    return this.state.remaining + this.state.ready.length + this.inHand.size;
  }

  imagesOf(id: string): Images | null {
    return this.images.get(id) ?? null;
  }

  /** Fetches an item's images again: after an undo, or when one was missing. */
  async fetchImages(assignment: Assignment): Promise<void> {
    const old = this.images.get(assignment.id);
    if (old && Object.values(old).every((image) => image !== null)) return;
    await this.load(assignment);
  }

  /** Makes the hand full again. One claim at a time; a wish meanwhile is granted after it. */
  topUp(): Promise<void> {
    if (!this.asking && this.wanted() <= 0 && !this.canCount()) return Promise.resolve();
    this.wished = true;
    this.asking ??= this.askWhileWished();
    return this.asking;
  }

  /** Renews the leases, and lets go of what the server has given to somebody else. */
  async beat(): Promise<void> {
    // What is claimed while the request is under way can't be in its answer.
    const asked = new Set([...this.inHand, ...this.state.ready.map((one) => one.assignment.id)]);
    let held: ReadonlySet<string>;
    try {
      held = new Set((await this.doors.heartbeat()).held);
    } catch {
      // The next beat tries again; a lease outlives two missed ones.
      return;
    }
    const isLost = (id: string) => asked.has(id) && !held.has(id);
    const kept = this.state.ready.filter(({ assignment }) => !isLost(assignment.id));
    const lapsed = [...this.inHand].filter(isLost);
    if (kept.length < this.state.ready.length) {
      this.put({ ready: kept });
      void this.topUp();
    }
    if (lapsed.length > 0) this.doors.lapsed(lapsed);
  }

  private wanted(): number {
    return HAND - this.inHand.size - this.state.ready.length - this.loading.size;
  }

  /** Whether the server's count would be exact now, and ours is not. */
  private canCount(): boolean {
    return this.count === "about" && this.doors.unsent().size === 0;
  }

  private async askWhileWished(): Promise<void> {
    try {
      while (this.wished && (this.wanted() > 0 || this.canCount())) {
        this.wished = false;
        await this.ask();
      }
    } finally {
      this.wished = false;
      this.asking = null;
    }
  }

  private async ask(): Promise<void> {
    const unsent = this.doors.unsent();
    const answeredBefore = this.answeredHere;
    let claims: Claims;
    try {
      claims = await this.doors.claim(Math.min(HAND + unsent.size, HAND_MAX));
    } catch (error) {
      this.failures += 1;
      this.put({ error, ...(this.isBare() ? { standing: "failing" as const } : {}) });
      this.askIn(Math.min(1000 * 2 ** this.failures, 30_000));
      return;
    }
    this.failures = 0;
    const fresh = claims.assignments.filter((assignment) => !this.knows(assignment.id));
    const onTheirWay = claims.assignments.filter(({ id }) => unsent.has(id) || this.finished.has(id));
    // An answer that arrives while the claim is under way may or may not be in the server's count.
    const exact = unsent.size === 0 && this.answeredHere === answeredBefore;
    const first = this.count === "unknown";
    this.count = exact ? "exact" : "about";
    this.put({
      error: null,
      doneToday:
        exact || first ? claims.done_today + onTheirWay.length : this.state.doneToday,
      remaining: claims.remaining_for_you,
      remainingIsCapped: claims.remaining_is_capped,
    });
    const loads = fresh.map((assignment) => this.load(assignment, true));
    this.settle(claims, fresh.length > 0, onTheirWay.length > 0);
    // The first one is enough to go on; the others come while it is judged.
    if (loads.length > 0) await Promise.race(loads);
  }

  /** What there is to say when nothing new came. */
  private settle(claims: Claims, anythingNew: boolean, waitsForSending: boolean): void {
    if (anythingNew || !this.isBare()) {
      this.put({ standing: "working", askAgainAt: null });
      return;
    }
    if (claims.status === "work") {
      this.put({ standing: waitsForSending ? "sending" : "working" });
      this.askIn(waitsForSending ? POLL_MS : 1000);
      return;
    }
    this.put({ standing: claims.status });
    const free = claims.next_free_at === null ? NaN : Date.parse(claims.next_free_at);
    const wait = claims.status === "all_reserved" ? POLL_MS : IDLE_POLL_MS;
    const untilFree = Number.isNaN(free) ? wait : Math.max(free - this.doors.now(), 1000);
    this.askIn(claims.status === "all_reserved" ? untilFree : wait);
  }

  /** A little later than told, by chance, so that people who wait don't all ask at once. */
  private askIn(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    const wait = ms + this.doors.chance() * Math.min(ms, 2000);
    this.put({ askAgainAt: this.doors.now() + wait });
    this.timer = setTimeout(() => {
      this.timer = null;
      this.put({ askAgainAt: null });
      void this.topUp();
    }, wait);
  }

  private async load(assignment: Assignment, intoReady = false): Promise<void> {
    const done = this.fetch(assignment, intoReady);
    if (intoReady) this.loading.set(assignment.id, done);
    await done;
  }

  private async fetch(assignment: Assignment, intoReady: boolean): Promise<void> {
    const images = await this.doors.load(assignment);
    const old = this.images.get(assignment.id);
    if (old) this.doors.unload(old);
    this.images.set(assignment.id, images);
    if (!intoReady) {
      this.put({});
      return;
    }
    this.loading.delete(assignment.id);
    this.put({ ready: [...this.state.ready, { assignment, images }], standing: "working" });
  }

  private knows(id: string): boolean {
    return (
      this.inHand.has(id) ||
      this.finished.has(id) ||
      this.loading.has(id) ||
      this.doors.unsent().has(id) ||
      this.state.ready.some(({ assignment }) => assignment.id === id)
    );
  }

  private isBare(): boolean {
    return this.inHand.size === 0 && this.state.ready.length === 0 && this.loading.size === 0;
  }

  private forgetOld(): void {
    const live = new Set([
      ...this.inHand,
      ...this.state.ready.map(({ assignment }) => assignment.id),
      ...(this.pinned === null ? [] : [this.pinned]),
    ]);
    const old = [...this.images.keys()].filter((id) => !live.has(id));
    for (const id of old.slice(0, Math.max(0, old.length - KEPT))) {
      const images = this.images.get(id);
      if (images) this.doors.unload(images);
      this.images.delete(id);
    }
  }

  private put(change: Partial<QueueState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
