/** What the annotators' pages ask of the server. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Annotators = Schemas["Annotators"];
export type Portrait = Schemas["AnnotatorPortrait"];
export type Standing = Schemas["AnnotatorStanding"];
export type Numbers = Schemas["Portrait"];
export type Estimate = Schemas["Estimate"];
export type Which = "all" | "disagreeing" | "rejected";

export function annotatorsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "annotators"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/annotators", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
    staleTime: 30_000,
  });
}

export function givenAnswersQuery(project: number, user: number, which: Which) {
  return infiniteQueryOptions({
    queryKey: ["project", project, "annotators", user, which],
    queryFn: ({ signal, pageParam }) =>
      answer(
        server.GET("/projects/{project_id}/annotators/{user_id}", {
          params: {
            path: { project_id: project, user_id: user },
            query: pageParam === "" ? { which } : { which, cursor: pageParam },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
