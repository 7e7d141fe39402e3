/** What is asked about a project as a whole, and about what is being deleted. */

import { queryOptions } from "@tanstack/react-query";

import { answer, server } from "@/api/client";

const OFTEN_MS = 2_000;

export type Thing = "project" | "batch";

/** What would go with it; asked when it is about to. */
export function holdingsQuery(thing: Thing, id: number) {
  return queryOptions({
    queryKey: ["holdings", thing, id],
    queryFn: ({ signal }) =>
      thing === "project"
        ? answer(server.GET("/projects/{project_id}/holdings", { params: { path: { project_id: id } }, signal }))
        : answer(server.GET("/batches/{batch_id}/holdings", { params: { path: { batch_id: id } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });
}

/** What one has deleted and is not gone yet; asked often while there is anything. */
export const removalsQuery = queryOptions({
  queryKey: ["removals"],
  queryFn: ({ signal }) => answer(server.GET("/removals", { signal })),
  refetchInterval: (query) =>
    query.state.data?.some(({ state }) => state !== "failed") ? OFTEN_MS : false,
});
