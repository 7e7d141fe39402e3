import type { Claims } from "@/annotate/server";

/** `working`: something is, or will be, on the desk. The others are the server's own words. */
export type QueueStatus = "working" | "sending" | "failing" | Exclude<Claims["status"], "work">;

const POLL_MS = 15_000;
const IDLE_POLL_MS = 60_000;
const SOON_MS = 1_000;

interface Outlook {
  readonly status: QueueStatus;
  readonly askInMs: number;
}

/** How things stand when a claim brought nothing new, and when it is worth asking again. */
export function outlookOf(claims: Claims, waitsForSending: boolean, now: number): Outlook {
  const { status, next_free_at: free } = claims;
  if (status === "work") {
    return waitsForSending
      ? { status: "sending", askInMs: POLL_MS }
      : { status: "working", askInMs: SOON_MS };
  }
  if (status !== "all_reserved") return { status, askInMs: IDLE_POLL_MS };
  const untilFree = free === null ? POLL_MS : Date.parse(free) - now;
  return { status, askInMs: Math.max(untilFree, SOON_MS) };
}
