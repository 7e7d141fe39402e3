import type { QueryClient } from "@tanstack/react-query";

import { meQuery, projectQuery } from "@/api/queries";

export const loadDesk = () => import("@/annotate");

/** What the desk will need is asked for at once: on a slow line each turn costs a tenth of a second. */
export function askAhead(queries: QueryClient, path: string): void {
  const project = /^\/projects\/(\d+)\/annotate$/.exec(path)?.[1];
  if (project === undefined) return;
  void loadDesk();
  // What is refused or lost is asked for again by the page that needs it.
  queries.query(meQuery).catch(() => undefined);
  queries.query(projectQuery(Number(project))).catch(() => undefined);
}
