/** The desk's doors to the browser and the server; everything behind them is tested without. */

import { api, ApiError, send } from "@/api/client";
import type {
  AssignmentWithAnswers,
  Claims,
  Heartbeat,
  Me,
  Receipt,
  ReleaseReason,
} from "@/api/types";

import { Outbox } from "./outbox";
import { openStore, type Store, type Waiting } from "./store";

const SEND_TIMEOUT_MS = 15_000;

export function claim(project: number, count: number): Promise<Claims> {
  return api.post<Claims>(`/projects/${project}/claims`, { count }, { timeout: SEND_TIMEOUT_MS });
}

export function heartbeat(): Promise<Heartbeat> {
  return api.post<Heartbeat>("/claims/heartbeat", {}, { timeout: SEND_TIMEOUT_MS });
}

export function release(id: string, reason: ReleaseReason): Promise<unknown> {
  return api.post(`/assignments/${id}/release`, { reason }, { timeout: SEND_TIMEOUT_MS });
}

export function fetchAssignment(id: string): Promise<AssignmentWithAnswers> {
  return api.get<AssignmentWithAnswers>(`/assignments/${id}`, { timeout: SEND_TIMEOUT_MS });
}

async function sendAnswer({ assignment, key, body }: Waiting): Promise<Receipt> {
  const answer = await send<Receipt>("PUT", `/assignments/${assignment}/annotation`, body, {
    headers: { "Idempotency-Key": key },
    timeout: SEND_TIMEOUT_MS,
  });
  return answer.body;
}

/** Who is signed in on this browser now, by id; null: nobody. */
export async function whoAmI(): Promise<number | null> {
  try {
    return (await api.get<Me>("/me", { timeout: SEND_TIMEOUT_MS })).id;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** Web Locks where the browser has them (not on plain http); the server forgives the rest. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) {
    await work();
    return;
  }
  await navigator.locks.request(name, work);
}

export interface Kept {
  readonly outbox: Outbox;
  readonly store: Store;
}

let kept: { user: number; opened: Promise<Kept>; close: () => void } | null = null;

/** The one outbox of this person on this page. Another person's is closed first. */
export function outboxOf(user: number): Promise<Kept> {
  if (kept?.user === user) return kept.opened;
  kept?.close();
  const closing = new AbortController();
  const opened = openOutbox(user, closing.signal);
  kept = { user, opened, close: () => closing.abort() };
  return opened;
}

async function openOutbox(user: number, signal: AbortSignal): Promise<Kept> {
  const store = await openStore();
  const outbox = new Outbox(user, store, {
    send: sendAnswer,
    whoAmI,
    alone,
    now: Date.now,
    chance: Math.random,
  });
  const flush = () => void outbox.flush();
  window.addEventListener("online", flush, { signal });
  document.addEventListener("visibilitychange", flush, { signal });
  signal.addEventListener("abort", () => outbox.dispose());
  await outbox.open();
  return { outbox, store };
}
