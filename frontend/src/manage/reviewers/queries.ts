/** What the pages ask about reviewers, and what a lead makes of their verdicts. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Agreement = Schemas["ReviewerAgreement"];
export type Disagreement = Schemas["ReviewerDisagreement"];
export type VerdictValue = Disagreement["first"];

/** Under the project, so that whatever changes it asks anew. */
export function reviewersQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "reviewers"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/reports/reviewers", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
  });
}

/** An answer with a verdict that a lead may override. */
export interface Judged {
  review: number;
  annotation: string;
  name: string;
  stands: VerdictValue;
}

export function overrideVerdict({ review, annotation, stands }: Judged, reason: string) {
  return answer(
    server.POST("/reviews/{review_id}/override", {
      params: { path: { review_id: review } },
      body: { annotation_id: annotation, verdict: opposite(stands), reason },
    }),
  );
}

export function upholdVerdict({ review, annotation }: Disagreement) {
  return answer(
    server.POST("/reviews/{review_id}/uphold", {
      params: { path: { review_id: review } },
      body: { annotation_id: annotation },
    }),
  );
}

export const opposite = (verdict: VerdictValue): VerdictValue =>
  verdict === "accept" ? "reject" : "accept";
