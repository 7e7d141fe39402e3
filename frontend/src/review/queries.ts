import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { NextReview, Project } from "@/api/types";

const LOOK_AGAIN_MS = 10_000;

export function projectQuery(id: number) {
  return queryOptions({
    queryKey: ["project", id],
    queryFn: ({ signal }) => api.get<Project>(`/projects/${id}`, { signal }),
  });
}

/** Asking takes the item in hand for some minutes; without one it is asked again by itself. */
export function nextReviewQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "next-review"],
    queryFn: ({ signal }) => api.get<NextReview>(`/projects/${project}/reviews/next`, { signal }),
    gcTime: 0,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data?.review === null ? LOOK_AGAIN_MS : false),
  });
}
