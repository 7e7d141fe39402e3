/**
 * Holds session, queue and outbox together: takes events in, carries effects out.
 *
 * The only place where the three meet. It decides nothing that `step` could decide.
 */

import { ApiError } from "@/api/client";
import type { AnnotationView, Answers, Assignment, AssignmentWithAnswers, ReleaseReason } from "@/api/types";

import { activeMs } from "./activity";
import type { Outbox } from "./outbox";
import { Queue, type QueueDoors } from "./queue";
import { step } from "./session";
import { begin, type DeskEvent, type Effect, type OpenItem, type Session } from "./state";
import type { Store, StoredDraft } from "./store";

export interface DeskDoors {
  claim: QueueDoors["claim"];
  heartbeat: QueueDoors["heartbeat"];
  load: QueueDoors["load"];
  unload: QueueDoors["unload"];
  release: (id: string, reason: ReleaseReason) => Promise<unknown>;
  fetchAssignment: (id: string) => Promise<AssignmentWithAnswers>;
  newKey: () => string;
  view: () => Omit<AnnotationView, "zoomed">;
  now: () => number;
  chance: () => number;
}

export interface DeskProject {
  readonly id: number;
  readonly questions: Session["questions"];
  readonly lease_seconds: number;
}

const DRAFT_AFTER_MS = 250;
/** Answered items kept whole, so that undo needs no network. */
const REMEMBERED = 50;

export class Desk {
  readonly queue: Queue;
  private session: Session;
  private readonly listeners = new Set<() => void>();
  private readonly answered = new Map<string, { assignment: Assignment; answers: Answers }>();
  private drafts = new Map<string, StoredDraft>();
  private unsaved: OpenItem | null = null;
  private draftTimer: ReturnType<typeof setTimeout> | null = null;
  private reopening = false;
  private newestReceipt: string | null = null;
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly project: DeskProject,
    private readonly user: number,
    readonly outbox: Outbox,
    private readonly store: Store,
    private readonly doors: DeskDoors,
  ) {
    this.session = begin(project.questions);
    this.queue = new Queue({
      claim: doors.claim,
      heartbeat: doors.heartbeat,
      load: doors.load,
      unload: doors.unload,
      unsent: () => new Set(outbox.snapshot().waiting.map(({ assignment }) => assignment)),
      lapsed: (ids) => ids.forEach((id) => this.dispatch({ type: "lapsed", id })),
      now: doors.now,
      chance: doors.chance,
    });
  }

  snapshot = (): Session => this.session;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  dispatch = (event: DeskEvent): void => {
    const before = this.session;
    const { session, effects } = step(before, event, this.doors.now());
    this.session = session;
    effects.forEach((effect) => this.carryOut(effect));
    if (this.session !== before) for (const listener of [...this.listeners]) listener();
  };

  async start(): Promise<void> {
    const drafts = await this.store.drafts(this.user, this.project.id);
    this.drafts = new Map(drafts.map((draft) => [draft.assignment, draft]));
    this.dispatch({ type: "remembered", done: this.doneBefore() });
    this.newestReceipt = this.outbox.snapshot().sent[0]?.key ?? null;
    this.unsubscribe.push(
      this.queue.subscribe(() => this.fillDesk()),
      this.outbox.subscribe(() => this.afterReceipts()),
    );
    this.queue.start(this.project.lease_seconds);
    const revision = drafts.find((draft) => draft.revises);
    if (revision) void this.reopen(revision.assignment);
  }

  dispose(): void {
    void this.saveDraftNow();
    this.unsubscribe.forEach((end) => end());
    this.queue.dispose();
    this.listeners.clear();
  }

  /** Back at the desk: the leases, the queue and the clock of the open item go on. */
  visible(visible: boolean): void {
    this.dispatch({ type: "visibility", visible });
    if (!visible) {
      void this.saveDraftNow();
      return;
    }
    void this.queue.beat();
    void this.queue.topUp();
  }

  /** Writes the open item's draft without waiting for a pause. */
  async saveDraftNow(): Promise<void> {
    if (this.draftTimer !== null) clearTimeout(this.draftTimer);
    this.draftTimer = null;
    const item = this.unsaved;
    this.unsaved = null;
    if (item) await this.store.saveDraft(this.toDraft(item)).catch(ignore);
  }

  now(): number {
    return this.doors.now();
  }

  private carryOut(effect: Effect): void {
    switch (effect.type) {
      case "submit":
        this.submit(effect.item, effect.answers, effect.at);
        return;
      case "take":
        this.fillDesk();
        void this.queue.topUp();
        return;
      case "save_draft":
        this.unsaved = effect.item;
        this.draftTimer ??= setTimeout(() => void this.saveDraftNow(), DRAFT_AFTER_MS);
        return;
      case "drop_draft":
        this.forgetDraft(effect.id);
        void this.store.dropDraft(this.user, effect.id).catch(ignore);
        return;
      case "reopen":
        void this.reopen(effect.id);
        return;
      case "release":
        void this.release(effect.id, effect.reason);
        return;
    }
  }

  private fillDesk(): void {
    if (this.session.open || this.reopening || this.queue.snapshot().ready.length === 0) return;
    const next = this.queue.take();
    if (!next) return;
    const { assignment } = next;
    const draft = this.drafts.get(assignment.id) ?? null;
    this.dispatch({ type: "opened", assignment, key: this.doors.newKey(), draft });
  }

  private submit(item: OpenItem, answers: Answers, at: number): void {
    const { id, item: shown } = item.assignment;
    this.forgetDraft(id);
    this.remember(item.assignment, answers);
    void this.outbox.post({
      key: item.key,
      project: this.project.id,
      assignment: id,
      body: {
        answers,
        active_ms: activeMs(item.activity, at),
        view: { ...this.doors.view(), zoomed: item.zoomed },
      },
      at,
      prompt: shown.prompt,
      thumbnails: shown.images.map((image) => image.thumbnail_url),
    });
    this.queue.answered(id, item.before === null);
  }

  private async release(id: string, reason: ReleaseReason): Promise<void> {
    this.queue.released(id);
    try {
      await this.doors.release(id, reason);
    } catch (error) {
      // Gone already: what was wanted. Without an answer the lease will lapse by itself.
      const code = error instanceof ApiError ? error.code : "no_answer";
      if (!(error instanceof ApiError && [404, 409].includes(error.status))) {
        this.dispatch({ type: "noticed", notice: { what: "skip_failed", code } });
      }
    }
    void this.queue.topUp();
  }

  private async reopen(id: string): Promise<void> {
    if (this.reopening) return;
    this.reopening = true;
    try {
      const found = this.answered.get(id) ?? (await this.fetchAnswered(id));
      if (!found) {
        this.drafts.delete(id);
        this.dispatch({ type: "noticed", notice: { what: "too_late_to_change" } });
        return;
      }
      const { assignment, answers } = found;
      this.queue.pin(id);
      const draft = this.drafts.get(id) ?? null;
      this.dispatch({ type: "reopened", assignment, key: this.doors.newKey(), answers, draft });
      void this.queue.fetchImages(assignment);
    } finally {
      this.reopening = false;
      this.fillDesk();
    }
  }

  /** An item answered before this page was loaded; null when it can't be changed any more. */
  private async fetchAnswered(
    id: string,
  ): Promise<{ assignment: Assignment; answers: Answers } | null> {
    const { waiting, refused } = this.outbox.snapshot();
    const local = [...waiting, ...refused].filter(({ assignment }) => assignment === id).at(-1);
    try {
      const found = await this.doors.fetchAssignment(id);
      const answers = local?.body.answers ?? found.answers;
      return answers ? { assignment: found, answers } : null;
    } catch {
      return null;
    }
  }

  private remember(assignment: Assignment, answers: Answers): void {
    this.answered.delete(assignment.id);
    this.answered.set(assignment.id, { assignment, answers });
    for (const id of [...this.answered.keys()].slice(0, -REMEMBERED)) this.answered.delete(id);
  }

  /** What earlier pages on this browser answered here and may still change, oldest first. */
  private doneBefore(): string[] {
    const { sent, waiting } = this.outbox.snapshot();
    const now = this.doors.now();
    const open = sent.filter(({ receipt }) => Date.parse(receipt.revisable_until) > now);
    const mine = [...open.reverse(), ...waiting].filter((one) => one.project === this.project.id);
    return [...new Set(mine.map(({ assignment }) => assignment))];
  }

  /** A receipt makes room in the server's hand. */
  private afterReceipts(): void {
    const [newest] = this.outbox.snapshot().sent;
    if (!newest || newest.key === this.newestReceipt) return;
    this.newestReceipt = newest.key;
    if (newest.project !== this.project.id) return;
    if (!newest.receipt.counted) this.dispatch({ type: "noticed", notice: { what: "late" } });
    void this.queue.topUp();
  }

  private forgetDraft(id: string): void {
    this.drafts.delete(id);
    if (this.unsaved?.assignment.id === id) this.unsaved = null;
  }

  private toDraft({ assignment, key, before, answers, focus, activity }: OpenItem): StoredDraft {
    return {
      user: this.user,
      project: this.project.id,
      assignment: assignment.id,
      revises: before !== null,
      key,
      answers,
      focus,
      activity,
      at: this.doors.now(),
    };
  }
}

/** A draft that can't be written is only a convenience lost; answers have the outbox. */
function ignore(): void {
  return undefined;
}
