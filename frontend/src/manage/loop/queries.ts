/** What is asked about the groups of a training loop. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

const OFTEN_MS = 5_000;

export type GroupSummary = Schemas["GroupSummary"];
export type GroupOutcome = Schemas["GroupOutcome"];

/** Asked again while one waits. */
export function groupsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "groups"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/groups", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
    refetchInterval: ({ state }) =>
      state.data?.some((group) => group.state === "waiting") ? OFTEN_MS : false,
  });
}

export function groupQuery(group: number) {
  return queryOptions({
    queryKey: ["group", group],
    queryFn: ({ signal }) =>
      answer(server.GET("/groups/{group_id}", { params: { path: { group_id: group } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? OFTEN_MS : false),
  });
}
