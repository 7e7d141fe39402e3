/** What is asked of the list of who did what: of a project, or (null) of the whole site. */

import { infiniteQueryOptions } from "@tanstack/react-query";

import { answer, server } from "@/api/client";

export interface Chosen {
  readonly person: number | null;
  readonly kind: string;
  readonly since: string;
  readonly until: string;
}

export const ANYTHING: Chosen = { person: null, kind: "", since: "", until: "" };

/** Only what is chosen, as the address has it. */
export function queryOf({ person, kind, since, until }: Chosen): Record<string, string> {
  const all = { person: person === null ? "" : String(person), kind, since, until };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

/** Where the chosen part of it is downloaded from. */
export function fileAddress(project: number | null, chosen: Chosen, as: "csv" | "jsonl"): string {
  const of = project === null ? "/audit/file" : `/projects/${project}/audit/file`;
  return `/api/v1${of}?${new URLSearchParams({ ...queryOf(chosen), as }).toString()}`;
}

export function actionsQuery(project: number | null, chosen: Chosen) {
  return infiniteQueryOptions({
    queryKey: ["actions", project, chosen],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...queryOf(chosen), ...(pageParam === null ? {} : { cursor: pageParam }) };
      return project === null
        ? answer(server.GET("/audit", { params: { query }, signal }))
        : answer(
            server.GET("/projects/{project_id}/audit", {
              params: { path: { project_id: project }, query },
              signal,
            }),
          );
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    staleTime: 0,
  });
}
