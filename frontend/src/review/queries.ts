/** What the review asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { answer, ApiError, type Schemas, server } from "@/api/client";

export type Project = Schemas["Project"];
export type NextReview = Schemas["NextReview"];
export type Review = Schemas["Review"];
export type ReviewedAnnotation = Schemas["ReviewedAnnotation"];
export type Verdicts = Schemas["VerdictsRequest"];

const LOOK_AGAIN_MS = 10_000;
/** So many are held, so that the next one is here when the present one is sent. */
const HELD = 3;

/** Which reviews: of one batch, or with an answer of one annotator that waits; null: any. */
export interface Choice {
  batch: number | null;
  annotator: number | null;
}

/** Asking holds the items for some minutes; without one it is asked again by itself. */
export function nextReviewQuery(project: number, { batch, annotator }: Choice) {
  return queryOptions({
    queryKey: ["project", project, "next-review", batch, annotator],
    queryFn: ({ signal }) =>
      answer(
        server.POST("/projects/{project_id}/reviews/claims", {
          params: { path: { project_id: project } },
          body: { count: HELD, batch, annotator_id: annotator },
          signal,
        }),
      ),
    gcTime: 0,
    staleTime: Infinity,
    // A batch that is not there is not there the next time either.
    retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 2,
    refetchInterval: ({ state }) => (state.data?.reviews.length === 0 ? LOOK_AGAIN_MS : false),
  });
}

export function sendVerdicts(review: number, body: Verdicts): Promise<unknown> {
  const path = { review_id: review };
  return server.POST("/reviews/{review_id}/verdicts", { params: { path }, body });
}

export function leaveToOthers(review: number): Promise<unknown> {
  return server.POST("/reviews/{review_id}/unsure", { params: { path: { review_id: review } } });
}

/** What the reviewer answers before they see the item's answers, which come back. */
export function answerFirst(review: number, answers: Record<string, unknown>): Promise<Review> {
  const params = { path: { review_id: review } };
  return answer(server.POST("/reviews/{review_id}/answers", { params, body: { answers } }));
}

export function undo(review: number): Promise<Review> {
  return answer(server.POST("/reviews/{review_id}/undo", { params: { path: { review_id: review } } }));
}

/** The queue without a review that is done with. */
export function without(next: NextReview, review: number): NextReview {
  const reviews = next.reviews.filter(({ id }) => id !== review);
  return { ...next, reviews, review: reviews[0] ?? null };
}

/** The queue with a review at its head. */
export function withFirst(next: NextReview, review: Review): NextReview {
  const reviews = [review, ...next.reviews.filter(({ id }) => id !== review.id)];
  return { ...next, reviews, review };
}
