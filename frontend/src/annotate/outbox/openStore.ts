import { openLastingStore } from "./lastingStore";
import { PassingStore } from "./passingStore";
import type { Store } from "./store";

/** This browser's store; where it keeps no data, one that lasts as long as the page. */
export async function openStore(name = "triptych"): Promise<Store> {
  try {
    return await openLastingStore(name);
  } catch {
    // Private windows of some browsers have no IndexedDB.
    return new PassingStore();
  }
}
