/** What survives a reload: answers on their way, receipts, and the draft of the open item. */

import type { AnnotationBody, Receipt } from "@/annotate/server";
import type { Draft } from "@/annotate/session/state";
import type { Reason } from "@/i18n/reason";

/** An answer that the server has not confirmed yet. */
export interface Waiting {
  readonly key: string;
  readonly user: number;
  readonly project: number;
  readonly assignment: string;
  readonly body: AnnotationBody;
  /** The version of the questions that it answers; left out by pages that knew of none. */
  readonly asked?: number;
  /** Milliseconds since the epoch; answers are sent in this order. */
  readonly at: number;
  readonly prompt: string;
  readonly thumbnails: readonly string[];
  /** Not meant to change an answer: the server refuses it if there is one from another window. */
  readonly first: boolean;
  /** Why the server will never take it as it is; null while it may. */
  readonly refusal: Reason | null;
}

/** The person has answered the item elsewhere as well: they choose which answer stands. */
export function isClash({ refusal }: Waiting): boolean {
  return refusal?.code === "already_answered";
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
  refuse: (key: string, refusal: Reason) => Promise<void>;
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

export function byAge(one: { at: number }, other: { at: number }): number {
  return one.at - other.at;
}
