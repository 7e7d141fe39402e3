import { useCallback, useEffect, useState } from "react";

/** `elsewhere`: another tab of this browser has the desk. */
export type TabState = "asking" | "here" | "elsewhere";

/** A page that is just being reloaded lets go within this time. */
const RELOAD_MS = 500;

/**
 * The desk is open in one tab at a time, so that no item is judged twice. It moves here when the
 * other tab closes, or when the second value is called. Browsers without Web Locks (plain http) let
 * every tab work: the server counts once anyway.
 */
export function useTab(name: string): [TabState, () => void] {
  const [state, setState] = useState<TabState>("locks" in navigator ? "asking" : "here");
  const [steal, setSteal] = useState(0);

  useEffect(() => {
    if (!("locks" in navigator)) return;
    const ending = new AbortController();
    const { signal } = ending;
    const hold = (): Promise<void> | undefined => {
      if (signal.aborted) return undefined;
      setState("here");
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    };
    const ask = (options: LockOptions) => {
      // Rejected when another tab takes it over, or when this page is left while it waits.
      navigator.locks.request(name, options, hold).catch(() => {
        if (signal.aborted) return;
        setState("elsewhere");
        // In line again: when the other tab closes, the desk comes back.
        ask({ signal });
      });
    };
    ask(steal > 0 ? { steal: true } : { signal });
    const timer = setTimeout(() => {
      setState((now) => (now === "asking" ? "elsewhere" : now));
    }, RELOAD_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [name, steal]);

  return [state, useCallback(() => setSteal((count) => count + 1), [])];
}
