import type { Reason } from "@/i18n/reason";

import { byAge, type Sent, type Store, type StoredDraft, type Waiting } from "./store";

/** For browsers that keep no data: the page works, and says that nothing outlives it. */
export class PassingStore implements Store {
  readonly lasting = false;
  private readonly out = new Map<string, Waiting>();
  private readonly in = new Map<string, Sent>();
  private readonly open = new Map<string, StoredDraft>();

  enqueue(answer: Waiting): Promise<void> {
    this.out.set(answer.key, answer);
    return this.dropDraft(answer.user, answer.assignment);
  }

  waiting(user: number): Promise<Waiting[]> {
    return Promise.resolve([...this.out.values()].filter((one) => one.user === user).sort(byAge));
  }

  refuse(key: string, refusal: Reason): Promise<void> {
    const answer = this.out.get(key);
    if (answer) this.out.set(key, { ...answer, refusal });
    return Promise.resolve();
  }

  confirm(sent: Sent): Promise<void> {
    this.out.delete(sent.key);
    this.in.set(sent.key, sent);
    return Promise.resolve();
  }

  discard(key: string): Promise<void> {
    this.out.delete(key);
    return Promise.resolve();
  }

  receipts(user: number): Promise<Sent[]> {
    const mine = [...this.in.values()].filter((one) => one.user === user);
    return Promise.resolve(mine.sort(byAge).reverse());
  }

  saveDraft(draft: StoredDraft): Promise<void> {
    this.open.set(draft.assignment, draft);
    return Promise.resolve();
  }

  dropDraft(_user: number, assignment: string): Promise<void> {
    this.open.delete(assignment);
    return Promise.resolve();
  }

  drafts(user: number, project: number): Promise<StoredDraft[]> {
    const mine = [...this.open.values()];
    return Promise.resolve(mine.filter((one) => one.user === user && one.project === project));
  }
}
