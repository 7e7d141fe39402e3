/** The one outbox of a page, over this browser's store. */

import { sendAnswer, whoAmI } from "@/annotate/server";

import { Outbox } from "./outbox";
import { openStore } from "./openStore";
import type { Store } from "./store";

export interface OpenOutbox {
  readonly outbox: Outbox;
  readonly store: Store;
}

let current: { user: number; opened: Promise<OpenOutbox>; close: () => void } | null = null;

/** The outbox of this person on this page. Another person's is closed first. */
export function outboxOf(user: number): Promise<OpenOutbox> {
  if (current?.user === user) return current.opened;
  current?.close();
  const closing = new AbortController();
  const opened = openOutbox(user, closing.signal);
  current = { user, opened, close: () => closing.abort() };
  return opened;
}

async function openOutbox(user: number, signal: AbortSignal): Promise<OpenOutbox> {
  const store = await openStore();
  const outbox = new Outbox(user, store, {
    send: sendAnswer,
    whoAmI,
    alone,
    random: Math.random,
  });
  const flush = () => void outbox.flush();
  window.addEventListener("online", flush, { signal });
  document.addEventListener("visibilitychange", flush, { signal });
  signal.addEventListener("abort", () => outbox.dispose());
  await outbox.open();
  return { outbox, store };
}

/** Web Locks where the browser has them (not on plain http); the server forgives the rest. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) {
    await work();
    return;
  }
  await navigator.locks.request(name, work);
}
