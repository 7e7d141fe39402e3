/** What it means for an answer that sending it failed. Pure. */

import { ApiError, NoAnswer } from "@/api/client";
import type { Reason } from "@/i18n/reason";

/** `offline`: no answer came. `busy`: the server asks to wait. The others need the person. */
export type Failure = "offline" | "busy" | "signed_out" | "other_user";

export type Meaning = {
  /** The server asks to wait as long. */
  readonly waitMs: number | null;
  /** It may be refused only because another person is signed in on this browser. */
  readonly perhapsSomebodyElse: boolean;
} & (
  | { readonly outcome: "offline" | "signed_out" | "later" }
  | { readonly outcome: "refused"; readonly refusal: Reason }
);

/** Refusals that say nothing about the answer itself: the same may be taken later. */
const PASSING = new Set([408, 425, 429]);

const PLAIN = { waitMs: null, perhapsSomebodyElse: false };

export function meaningOf(error: unknown): Meaning {
  if (error instanceof NoAnswer) return { ...PLAIN, outcome: "offline" };
  if (!(error instanceof ApiError)) throw error;
  const { status, code, params, message, retryAfterSeconds } = error;
  if (status === 401) return { ...PLAIN, outcome: "signed_out" };
  if (retryAfterSeconds !== null) {
    return { ...PLAIN, waitMs: retryAfterSeconds * 1000, outcome: "later" };
  }
  if (status >= 500 || PASSING.has(status)) return { ...PLAIN, outcome: "later" };
  const perhapsSomebodyElse = status === 403 || status === 404;
  if (perhapsSomebodyElse && code === "csrf") {
    return { waitMs: null, perhapsSomebodyElse, outcome: "later" };
  }
  return { waitMs: null, perhapsSomebodyElse, outcome: "refused", refusal: { code, params, message } };
}
