/** What the review asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Project = Schemas["Project"];
export type NextReview = Schemas["NextReview"];
export type Review = Schemas["Review"];
export type ReviewedAnnotation = Schemas["ReviewedAnnotation"];
export type Verdicts = Schemas["VerdictsRequest"];

const LOOK_AGAIN_MS = 10_000;

/** Asking holds the item for some minutes; without one it is asked again by itself. */
export function nextReviewQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "next-review"],
    queryFn: ({ signal }) =>
      answer(
        server.POST("/projects/{project_id}/reviews/claims", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
    gcTime: 0,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.review === null ? LOOK_AGAIN_MS : false),
  });
}

export function sendVerdicts(review: number, body: Verdicts): Promise<unknown> {
  const path = { review_id: review };
  return server.POST("/reviews/{review_id}/verdicts", { params: { path }, body });
}
