/** Calls once after a while, and no other call is pending then. */
export class Alarm {
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly call: () => void) {}

  set(ms: number): void {
    this.stop();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.call();
    }, ms);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
