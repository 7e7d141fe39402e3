import { useCallback, useEffect, useState } from "react";

/** `elsewhere`: another tab of this browser has the desk. */
export type TabState = "asking" | "here" | "elsewhere";

/**
 * The desk is open in one tab at a time, so that no item is judged twice. The second value takes it
 * over. Browsers without Web Locks (plain http) let every tab work: the server counts once anyway.
 */
export function useTab(name: string): [TabState, () => void] {
  const [state, setState] = useState<TabState>("locks" in navigator ? "asking" : "here");
  const [steal, setSteal] = useState(0);

  useEffect(() => {
    if (!("locks" in navigator)) return;
    let release: () => void = () => undefined;
    let wanted = true;
    const options: LockOptions = steal > 0 ? { steal: true } : { ifAvailable: true };
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (!wanted) return undefined;
      setState(lock ? "here" : "elsewhere");
      if (!lock) return undefined;
      return new Promise((resolve) => (release = resolve));
    };
    // Rejected when another tab takes it over.
    navigator.locks.request(name, options, hold).catch(() => wanted && setState("elsewhere"));
    return () => {
      wanted = false;
      release();
    };
  }, [name, steal]);

  return [state, useCallback(() => setSteal((count) => count + 1), [])];
}
