/** A state that a page can follow (`useSyncExternalStore`). */
export class Observable<State extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(protected state: State) {}

  snapshot = (): State => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  protected put(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.notify();
  }

  protected notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  protected forgetListeners(): void {
    this.listeners.clear();
  }
}
