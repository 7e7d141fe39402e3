import type { QueryClient } from "@tanstack/react-query";

import { meQuery, projectQuery } from "@/api/queries";
import { bringReasons } from "@/i18n/reason";

/** `status` and `value` are React's own words: for what is here, `use` waits for nothing. */
type Coming<T> = Promise<T> & { status?: "fulfilled"; value?: T };

/** Fetches a chunk once; what was lost is asked for again by the next who needs it. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let coming: Coming<T> | null = null;
  return () => {
    if (coming) return coming;
    const made: Coming<T> = load().then((value) => {
      made.status = "fulfilled";
      made.value = value;
      return value;
    });
    made.catch(() => (coming = null));
    coming = made;
    return made;
  };
}

export const loadDesk = once(() => import("@/annotate"));
export const loadHome = once(() => import("./HomePage"));

/** A page is drawn after so long at the latest, with what has come by then. */
const WAIT_MS = 1_000;

/**
 * What a page will need is asked for at once: on a slow line each turn costs a tenth of a second.
 * Done when it is here: a page that is drawn before shows "Loading …", and React then leaves that
 * for 300 ms whatever comes.
 */
export async function askAhead(queries: QueryClient, path: string): Promise<void> {
  const project = /^\/projects\/(\d+)\/annotate$/.exec(path)?.[1];
  // What is refused or lost is asked for again by the page that needs it.
  const needed: Promise<unknown>[] = [queries.query(meQuery)];
  if (project === undefined) {
    bringReasons();
    if (path === "/") needed.push(loadHome());
  } else {
    needed.push(loadDesk(), queries.query(projectQuery(Number(project))));
  }
  const late = new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  await Promise.race([Promise.allSettled(needed), late]);
}
