/** What survives a reload: answers on their way, receipts, and the draft of the open item. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import type { AnnotationBody, Receipt } from "@/api/types";

import type { Draft } from "./state";

/** An answer that the server has not confirmed yet. */
export interface Waiting {
  readonly key: string;
  readonly user: number;
  readonly project: number;
  readonly assignment: string;
  readonly body: AnnotationBody;
  /** Milliseconds since the epoch; answers are sent in this order. */
  readonly at: number;
  readonly prompt: string;
  readonly thumbnails: readonly string[];
  /** Why the server will never take it as it is; null while it may. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** An answer that the server has confirmed. */
export interface Sent {
  readonly key: string;
  readonly user: number;
  readonly project: number;
  readonly assignment: string;
  readonly at: number;
  readonly prompt: string;
  readonly thumbnails: readonly string[];
  readonly receipt: Receipt;
}

export interface StoredDraft extends Draft {
  readonly user: number;
  readonly project: number;
  readonly assignment: string;
  /** The draft is a change to an answer that was given before. */
  readonly revises: boolean;
  readonly at: number;
}

/** Every read is for one user: nobody else on this browser sees or sends it. */
export interface Store {
  /** False: nothing outlives the page (a browser that keeps no data). */
  readonly lasting: boolean;
  /** The answer in, the item's draft out, together or not at all. */
  enqueue: (answer: Waiting) => Promise<void>;
  waiting: (user: number) => Promise<Waiting[]>;
  refuse: (key: string, refusal: NonNullable<Waiting["refusal"]>) => Promise<void>;
  /** The answer out, its receipt in. */
  confirm: (sent: Sent) => Promise<void>;
  discard: (key: string) => Promise<void>;
  /** Newest first. */
  receipts: (user: number) => Promise<Sent[]>;
  saveDraft: (draft: StoredDraft) => Promise<void>;
  dropDraft: (user: number, assignment: string) => Promise<void>;
  drafts: (user: number, project: number) => Promise<StoredDraft[]>;
}

export const RECEIPTS_KEPT = 200;
const DRAFT_KEPT_MS = 7 * 24 * 3600 * 1000;

interface Schema extends DBSchema {
  outbox: { key: string; value: Waiting; indexes: { user: number } };
  receipts: { key: string; value: Sent; indexes: { user: number } };
  drafts: { key: [number, string]; value: StoredDraft; indexes: { user: number } };
}

function byAge(a: { at: number }, b: { at: number }): number {
  return a.at - b.at;
}

class LastingStore implements Store {
  readonly lasting = true;

  constructor(private readonly db: IDBPDatabase<Schema>) {}

  async enqueue(answer: Waiting): Promise<void> {
    const tx = this.db.transaction(["outbox", "drafts"], "readwrite", { durability: "strict" });
    await Promise.all([
      tx.objectStore("outbox").put(answer),
      tx.objectStore("drafts").delete([answer.user, answer.assignment]),
      tx.done,
    ]);
  }

  async waiting(user: number): Promise<Waiting[]> {
    return (await this.db.getAllFromIndex("outbox", "user", user)).sort(byAge);
  }

  async refuse(key: string, refusal: NonNullable<Waiting["refusal"]>): Promise<void> {
    const tx = this.db.transaction("outbox", "readwrite");
    const answer = await tx.store.get(key);
    if (answer) await tx.store.put({ ...answer, refusal });
    await tx.done;
  }

  async confirm(sent: Sent): Promise<void> {
    const tx = this.db.transaction(["outbox", "receipts"], "readwrite");
    await Promise.all([
      tx.objectStore("outbox").delete(sent.key),
      tx.objectStore("receipts").put(sent),
    ]);
    const kept = await tx.objectStore("receipts").index("user").getAll(sent.user);
    for (const old of kept.sort(byAge).slice(0, -RECEIPTS_KEPT)) {
      await tx.objectStore("receipts").delete(old.key);
    }
    await tx.done;
  }

  async discard(key: string): Promise<void> {
    await this.db.delete("outbox", key);
  }

  async receipts(user: number): Promise<Sent[]> {
    return (await this.db.getAllFromIndex("receipts", "user", user)).sort(byAge).reverse();
  }

  async saveDraft(draft: StoredDraft): Promise<void> {
    await this.db.put("drafts", draft);
  }

  async dropDraft(user: number, assignment: string): Promise<void> {
    await this.db.delete("drafts", [user, assignment]);
  }

  async drafts(user: number, project: number): Promise<StoredDraft[]> {
    const all = await this.db.getAllFromIndex("drafts", "user", user);
    const old = Math.max(0, ...all.map(({ at }) => at)) - DRAFT_KEPT_MS;
    return all.filter((draft) => draft.project === project && draft.at > old);
  }
}

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

  refuse(key: string, refusal: NonNullable<Waiting["refusal"]>): Promise<void> {
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

export async function openStore(name = "triptych"): Promise<Store> {
  try {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        for (const store of ["outbox", "receipts"] as const) {
          fresh.createObjectStore(store, { keyPath: "key" }).createIndex("user", "user");
        }
        fresh
          .createObjectStore("drafts", { keyPath: ["user", "assignment"] })
          .createIndex("user", "user");
      },
      // Another tab wants a newer shape: let go, so that it isn't blocked.
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
      },
    });
    return new LastingStore(db);
  } catch {
    // Private windows of some browsers have no IndexedDB.
    return new PassingStore();
  }
}
