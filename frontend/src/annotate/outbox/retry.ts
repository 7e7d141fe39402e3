import { Alarm } from "@/annotate/alarm";

import type { Failure } from "./meaning";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Tries again after ever longer waits, spread by chance; not while a person has to act first. */
export class Retry {
  private failures = 0;
  private leastMs = 0;
  private readonly alarm: Alarm;

  constructor(
    private readonly random: () => number,
    again: () => void,
  ) {
    this.alarm = new Alarm(again);
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** The server asked for as long a pause. */
  waitAtLeast(ms: number): void {
    this.leastMs = Math.max(this.leastMs, ms);
  }

  plan(failure: Failure | null): void {
    this.alarm.stop();
    if (failure !== "offline" && failure !== "busy") return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS);
    const spread = Math.max(wait * (0.5 + this.random() / 2), this.leastMs);
    this.failures += 1;
    this.leastMs = 0;
    this.alarm.set(spread);
  }

  stop(): void {
    this.alarm.stop();
  }
}
