/** What the lead's pages ask of the server, each under one key, so that pages share answers. */

import { queryOptions } from "@tanstack/react-query";

import { answer, report, type Schemas, server } from "@/api/client";
import type { Reason } from "@/i18n/reason";

export { projectQuery } from "@/api/queries";
export type BiasReport = Schemas["BiasReport"];
export type LeaderboardReport = Schemas["LeaderboardReport"];

const LIVE_MS = 1_000;
const CALM_MS = 15_000;

interface Computed {
  state: { data: { computing: boolean } | undefined };
}

/** For refetchInterval: a report is asked for again soon while a worker is at a newer one. */
export function whileComputing(otherwise: number | false = false) {
  return ({ state }: Computed) => (state.data?.computing === true ? 2 * LIVE_MS : otherwise);
}

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: ({ signal }) => answer(server.GET("/templates", { signal })),
  staleTime: Infinity,
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => answer(server.GET("/tokens", { signal })),
});

export function progressQuery(id: number) {
  return queryOptions({
    queryKey: ["project", id, "progress"],
    queryFn: ({ signal }) =>
      report(
        () => server.GET("/projects/{project_id}/reports/progress", { params: { path: { project_id: id } }, signal }),
        signal,
      ),
    refetchInterval: whileComputing(CALM_MS),
  });
}

export function agreementQuery(id: number) {
  return queryOptions({
    queryKey: ["project", id, "agreement"],
    queryFn: ({ signal }) =>
      report(
        () => server.GET("/projects/{project_id}/reports/agreement", { params: { path: { project_id: id } }, signal }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

/** `by`: "image:step", "item:category"; "" for none. */
export function leaderboardQuery(id: number, by = "") {
  const params = { path: { project_id: id }, query: by === "" ? {} : { by } };
  return queryOptions({
    queryKey: ["project", id, "leaderboard", by],
    queryFn: ({ signal }) =>
      report(
        () => server.GET("/projects/{project_id}/reports/leaderboard", { params, signal }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function biasQuery(id: number) {
  return queryOptions({
    queryKey: ["project", id, "bias"],
    queryFn: ({ signal }) =>
      report(
        () => server.GET("/projects/{project_id}/reports/bias", { params: { path: { project_id: id } }, signal }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function qcQuery(batch: number) {
  return queryOptions({
    queryKey: ["batch", batch, "qc"],
    queryFn: ({ signal }) =>
      report(
        () => server.GET("/batches/{batch_id}/qc", { params: { path: { batch_id: batch } }, signal }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

/** A batch that a worker has work on, or will have. */
export function isWorking(batch: Schemas["Batch"]): boolean {
  const { done, failed, total } = batch.measured;
  if (batch.state === "requested" || batch.state === "running") return true;
  return batch.state === "done" && done + failed < total;
}

export function batchesQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "batches"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/batches", { params: { path: { project_id: project } }, signal })),
    refetchInterval: (query) => (query.state.data?.some(isWorking) ? 2 * LIVE_MS : false),
  });
}

export function batchQuery(id: number) {
  return queryOptions({
    queryKey: ["batch", id],
    queryFn: ({ signal }) =>
      answer(server.GET("/batches/{batch_id}", { params: { path: { batch_id: id } }, signal })),
    refetchInterval: (query) => {
      const batch = query.state.data;
      return batch !== undefined && isWorking(batch) ? LIVE_MS : false;
    },
  });
}

export function membersQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "members"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/members", { params: { path: { project_id: project } }, signal })),
  });
}

/** Under the members' key: who is added is known anew. */
export function knownPeopleQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "members", "known"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/members/known", { params: { path: { project_id: project } }, signal }),
      ),
  });
}

export function invitationsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "invitations"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/invitations", { params: { path: { project_id: project } }, signal })),
  });
}

interface Check extends Reason {
  name: string;
  ok: boolean;
}

/** The server's own checks; asked only while something waits for a worker. */
export const readinessQuery = queryOptions({
  queryKey: ["readiness"],
  queryFn: async ({ signal }): Promise<Check[]> => {
    // 503 is an answer here, not a refusal: it carries the checks that failed.
    const response = await fetch("/health/ready", { signal });
    const body = (await response.json()) as { checks?: Check[] };
    return body.checks ?? [];
  },
  refetchInterval: 5 * LIVE_MS,
});
