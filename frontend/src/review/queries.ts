/** What the review asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Project = Schemas["Project"];
export type NextReview = Schemas["NextReview"];
export type Review = Schemas["Review"];
export type ReviewedAnnotation = Schemas["ReviewedAnnotation"];
export type Verdicts = Schemas["VerdictsRequest"];

const LOOK_AGAIN_MS = 10_000;

export function projectQuery(id: number) {
  return queryOptions({
    queryKey: ["project", id],
    queryFn: ({ signal }) => api.get<Project>(`/projects/${id}`, { signal }),
  });
}

/** Asking holds the item for some minutes; without one it is asked again by itself. */
export function nextReviewQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "next-review"],
    queryFn: ({ signal }) => api.get<NextReview>(`/projects/${project}/reviews/next`, { signal }),
    gcTime: 0,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.review === null ? LOOK_AGAIN_MS : false),
  });
}

export function sendVerdicts(review: number, body: Verdicts): Promise<unknown> {
  return api.post(`/reviews/${review}/verdicts`, body);
}
