/** The store in the browser's IndexedDB. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import type { Reason } from "@/i18n/reason";

import { byAge, RECEIPTS_KEPT, type Sent, type Store, type StoredDraft, type Waiting } from "./store";

const DRAFT_KEPT_MS = 7 * 24 * 3600 * 1000;

interface Schema extends DBSchema {
  outbox: { key: string; value: Waiting; indexes: { user: number } };
  receipts: { key: string; value: Sent; indexes: { user: number } };
  drafts: { key: [number, string]; value: StoredDraft; indexes: { user: number } };
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

  async refuse(key: string, refusal: Reason): Promise<void> {
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

export async function openLastingStore(name: string): Promise<Store> {
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
}
