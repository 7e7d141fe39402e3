/** What the page of metrics and people asks of the server. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server, within } from "@/api/client";

export type MetricAgreement = Schemas["MetricAgreement"];
export type Estimate = Schemas["Estimate"];

/** One cell of the table: a question and a metric. */
export interface Cell {
  dimension: string;
  metric: string;
}

/** The server computes for some seconds and answers with what is there: the rest is asked for. */
const LIMIT_MS = 60_000;
const NEXT_MS = 250;

export function metricReportQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/reports/metrics", {
          params: { path: { project_id: project } },
          fetch: within(LIMIT_MS),
          signal,
        }),
      ),
    refetchInterval: ({ state }) => ((state.data?.pending ?? 0) > 0 ? NEXT_MS : false),
    staleTime: 60_000,
  });
}

export function pointsQuery(project: number, { dimension, metric }: Cell) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "points", dimension, metric],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/reports/metrics/points", {
          params: { path: { project_id: project }, query: { dimension, metric } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
}

export function rivalsQuery(project: number, dimension: string, first: string, second: string) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "rivals", dimension, first, second],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/reports/metrics/rivals", {
          params: { path: { project_id: project }, query: { dimension, first, second } },
          fetch: within(LIMIT_MS),
          signal,
        }),
      ),
    staleTime: 60_000,
  });
}

export function disagreementsQuery(project: number, { dimension, metric }: Cell) {
  return infiniteQueryOptions({
    queryKey: ["project", project, "report", "metrics", "disagreements", dimension, metric],
    queryFn: ({ pageParam, signal }) =>
      answer(
        server.GET("/projects/{project_id}/reports/metrics/disagreements", {
          params: {
            path: { project_id: project },
            query: { dimension, metric, ...(pageParam === "" ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
  });
}
