import type { Store, StoredDraft } from "@/annotate/outbox/store";
import type { OpenItem } from "@/annotate/session/state";

const SAVE_AFTER_MS = 250;

/** The drafts of items that are not sent yet: a reload brings them back. */
export class Drafts {
  private stored = new Map<string, StoredDraft>();
  private unsaved: OpenItem | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly user: number,
    private readonly project: number,
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** Reads what an earlier page left; the assignment whose answer was being changed, if one was. */
  async open(): Promise<string | null> {
    const drafts = await this.store.drafts(this.user, this.project);
    this.stored = new Map(drafts.map((draft) => [draft.assignment, draft]));
    return drafts.find(({ revises }) => revises)?.assignment ?? null;
  }

  of(assignment: string): StoredDraft | null {
    return this.stored.get(assignment) ?? null;
  }

  /** Written after a short pause. */
  save(item: OpenItem): void {
    this.unsaved = item;
    this.timer ??= setTimeout(() => void this.saveNow(), SAVE_AFTER_MS);
  }

  async saveNow(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const item = this.unsaved;
    this.unsaved = null;
    if (item) await this.store.saveDraft(this.toDraft(item)).catch(ignore);
  }

  drop(assignment: string): void {
    this.forget(assignment);
    void this.store.dropDraft(this.user, assignment).catch(ignore);
  }

  /** Of an item that is answered: the outbox takes its draft out of the store. */
  forget(assignment: string): void {
    this.stored.delete(assignment);
    if (this.unsaved?.assignment.id === assignment) this.unsaved = null;
  }

  private toDraft({ assignment, key, before, answers, focus, activity }: OpenItem): StoredDraft {
    return {
      user: this.user,
      project: this.project,
      assignment: assignment.id,
      revises: before !== null,
      key,
      answers,
      focus,
      activity,
      at: this.now(),
    };
  }
}

/** A draft that can't be written is only a convenience lost; answers have the outbox. */
function ignore(): void {
  return undefined;
}
