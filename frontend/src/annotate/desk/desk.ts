/**
 * Holds session, queue and outbox together: takes events in, carries effects out.
 *
 * The only place where the three meet. It decides nothing that `step` could decide.
 */

import { Observable } from "@/annotate/observable";
import type { Outbox } from "@/annotate/outbox/outbox";
import type { Store } from "@/annotate/outbox/store";
import { Queue, type QueueDeps } from "@/annotate/queue/queue";
import type {
  AnnotationBody,
  AnsweredAssignment,
  MyAnnotation,
  ReleaseReason,
} from "@/annotate/server";
import { activeMs } from "@/annotate/session/activity";
import {
  begin,
  type DeskEvent,
  type Effect,
  type OpenItem,
  type Session,
} from "@/annotate/session/state";
import { step } from "@/annotate/session/step";
import { ApiError } from "@/api/client";
import { everAsked } from "@/questions/asked";
import type { Answers } from "@/questions/kind";

import { Answered, type AnsweredItem } from "./answered";
import { Drafts } from "./drafts";

type OfDesk = "project" | "unsent" | "claimComes" | "lapsed" | "paused" | "isIdle";

export interface DeskDeps extends Omit<QueueDeps, OfDesk> {
  release: (id: string, reason: ReleaseReason) => Promise<unknown>;
  fetchAssignment: (id: string) => Promise<AnsweredAssignment>;
  /** The person's last answers in the project, the newest first. */
  fetchHistory: () => Promise<MyAnnotation[]>;
  newKey: () => string;
  /** The screen that the answers are given on. */
  view: () => Omit<NonNullable<AnnotationBody["view"]>, "zoomed">;
}

export interface DeskProject {
  readonly id: number;
  readonly questions: Session["questions"];
  readonly image_by_image: boolean;
  readonly former_questions: Session["questions"];
  readonly lease_seconds: number;
}

/** They change what is known of the person's activity, and nothing that is drawn. */
const UNSEEN: ReadonlySet<DeskEvent["type"]> = new Set(["input", "visibility"]);
/** A desk that is left alone as long gives its items back: their leases run out. */
const IDLE_AFTER_MS = 5 * 60_000;

export class Desk extends Observable<Session> {
  readonly queue: Queue;
  private readonly answered: Answered;
  private readonly drafts: Drafts;
  private reopening = false;
  private lastInput: number;
  private newestReceipt: string | null = null;
  private waitsForClaim = false;
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    private readonly project: DeskProject,
    user: number,
    readonly outbox: Outbox,
    store: Store,
    private readonly deps: DeskDeps,
  ) {
    super(begin(everAsked(project), project.image_by_image));
    this.lastInput = deps.now();
    this.answered = new Answered(project.id, outbox, deps.fetchAssignment);
    this.drafts = new Drafts(user, project.id, store, deps.now);
    this.queue = new Queue({
      ...deps,
      project: project.id,
      unsent: () => new Set(outbox.snapshot().waiting.map(({ assignment }) => assignment)),
      claimComes: () => this.claimComes(),
      isIdle: () => this.isIdle(),
      lapsed: (ids) => ids.forEach((id) => this.dispatch({ type: "lapsed", id })),
      paused: (note) => this.paused(note),
    });
  }

  dispatch = (event: DeskEvent): void => {
    if (event.type === "input") this.stir();
    const before = this.state;
    const { session, effects } = step(before, event, this.deps.now());
    this.state = session;
    effects.forEach((effect) => this.carryOut(effect));
    if (this.state !== before && !UNSEEN.has(event.type)) this.notify();
  };

  async start(): Promise<void> {
    const revised = await this.drafts.open();
    this.dispatch({ type: "remembered", done: this.answered.before(this.deps.now()) });
    this.newestReceipt = this.outbox.snapshot().sent[0]?.key ?? null;
    this.unsubscribe.push(
      this.queue.subscribe(() => this.fillDesk()),
      this.outbox.subscribe(() => this.afterSending()),
    );
    this.outbox.claimAlong = ({ project, assignment }) =>
      project === this.project.id ? this.queue.claimAlong(assignment) : null;
    this.queue.start(this.project.lease_seconds);
    if (revised !== null) void this.reopen(revised);
    void this.rememberMore();
  }

  /** What was answered on other computers can be undone here as well. */
  private async rememberMore(): Promise<void> {
    let rows: MyAnnotation[];
    try {
      rows = await this.deps.fetchHistory();
    } catch {
      // What this browser remembers has to do.
      return;
    }
    const now = this.deps.now();
    const open = rows.filter(({ revisable_until }) => Date.parse(revisable_until) > now);
    this.dispatch({ type: "remembered", done: open.reverse().map(({ assignment }) => assignment) });
  }

  dispose(): void {
    void this.drafts.saveNow();
    this.unsubscribe.forEach((end) => end());
    this.outbox.claimAlong = () => null;
    this.queue.dispose();
    this.forgetListeners();
  }

  /** Back at the desk: the leases, the queue and the clock of the open item go on. */
  visible(visible: boolean): void {
    this.dispatch({ type: "visibility", visible });
    if (!visible) {
      void this.drafts.saveNow();
      return;
    }
    this.lastInput = this.deps.now();
    void this.comeBack();
  }

  /** What is begun stays on the desk: its answer may still find a place. */
  private paused(note: string): void {
    const { open } = this.state;
    this.dispatch({ type: "noticed", notice: open && !open.before ? { what: "paused", note } : null });
  }

  private isIdle(): boolean {
    return this.deps.now() - this.lastInput >= IDLE_AFTER_MS;
  }

  /** Somebody is at the desk. After a long pause it learns first what has gone meanwhile. */
  private stir(): void {
    const wasIdle = this.isIdle();
    this.lastInput = this.deps.now();
    if (wasIdle) void this.comeBack();
  }

  private async comeBack(): Promise<void> {
    await this.queue.beat();
    await this.queue.topUp();
  }

  /** Writes the open item's draft without waiting for a pause. */
  saveDraftNow(): Promise<void> {
    return this.drafts.saveNow();
  }

  now = (): number => this.deps.now();

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
        this.drafts.save(effect.item);
        return;
      case "drop_draft":
        this.drafts.drop(effect.id);
        return;
      case "let_go":
        this.queue.letGo(effect.id);
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
    if (this.state.open || this.reopening || this.queue.snapshot().ready.length === 0) return;
    const next = this.queue.take();
    if (!next) return;
    const { assignment } = next;
    const draft = this.drafts.of(assignment.id);
    this.dispatch({ type: "opened", assignment, key: this.deps.newKey(), draft });
    void this.queue.fetchImages(assignment);
  }

  private submit(item: OpenItem, answers: Answers, at: number): void {
    const { id, item: shown } = item.assignment;
    this.drafts.forget(id);
    this.answered.add({ assignment: item.assignment, answers });
    void this.outbox.post({
      key: item.key,
      project: this.project.id,
      assignment: id,
      asked: item.assignment.asked,
      body: {
        answers,
        active_ms: activeMs(item.activity, at),
        view: { ...this.deps.view(), zoomed: item.zoomed },
      },
      first: item.before === null,
      at,
      prompt: shown.prompt,
      thumbnails: shown.images.map((image) => image.thumbnail_url),
    });
    this.queue.answered(id, item.before === null);
  }

  private async release(id: string, reason: ReleaseReason): Promise<void> {
    this.queue.released(id);
    try {
      await this.deps.release(id, reason);
    } catch (error) {
      // Gone already: nothing is left to do. Without an answer the lease will lapse by itself.
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
      const found: AnsweredItem | null = await this.answered.find(id);
      if (!found) {
        this.drafts.forget(id);
        this.dispatch({ type: "noticed", notice: { what: "too_late_to_change" } });
        return;
      }
      const { assignment, answers } = found;
      this.queue.pin(id);
      const draft = this.drafts.of(id);
      this.dispatch({ type: "reopened", assignment, key: this.deps.newKey(), answers, draft });
      void this.queue.fetchImages(assignment);
    } finally {
      this.reopening = false;
      this.fillDesk();
    }
  }

  /** Whether an answer of this project is being sent; after a failure nobody knows for how long. */
  private claimComes(): boolean {
    const { waiting, failure } = this.outbox.snapshot();
    return failure === null && waiting.some(({ project }) => project === this.project.id);
  }

  /** When no answer is on its way any more, the queue asks by itself for what is still missing. */
  private afterSending(): void {
    this.noticeLateness();
    const waits = this.claimComes();
    if (this.waitsForClaim && !waits) void this.queue.topUp();
    this.waitsForClaim = waits;
  }

  private noticeLateness(): void {
    const [newest] = this.outbox.snapshot().sent;
    if (!newest || newest.key === this.newestReceipt) return;
    this.newestReceipt = newest.key;
    if (newest.project !== this.project.id) return;
    if (!newest.receipt.counted) this.dispatch({ type: "noticed", notice: { what: "late" } });
  }
}
