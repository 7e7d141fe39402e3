/** Answers that a closed desk left on this computer. Loads the outbox only when it is asked. */

/** Nobody waits longer than this for signing out. */
const TRY_MS = 3_000;

/** Sends what waits for this person, in the background. */
export async function sendLeftovers(user: number): Promise<void> {
  const { outboxOf } = await import("@/annotate");
  const { outbox } = await outboxOf(user);
  await outbox.flush();
}

/** How many answers are still unsent after one more try. */
export async function unsentOf(user: number): Promise<number> {
  const { outboxOf } = await import("@/annotate");
  const { outbox } = await outboxOf(user);
  await Promise.race([outbox.flush(), new Promise((resolve) => setTimeout(resolve, TRY_MS))]);
  return outbox.snapshot().waiting.length;
}
