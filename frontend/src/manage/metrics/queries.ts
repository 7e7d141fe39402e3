/** What the page of metrics and people asks of the server. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { report, type Schemas, server } from "@/api/client";
import { whileComputing } from "@/manage/queries";

export type MetricAgreement = Schemas["MetricAgreement"];
export type Estimate = Schemas["Estimate"];

/** One cell of the table: a question and a metric. */
export interface Cell {
  dimension: string;
  metric: string;
}

/** `by`: "image:step" parts the generators in each cell's comparison of them; "" for none. */
export function metricReportQuery(project: number, by: string) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "all", by],
    queryFn: ({ signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics", {
            params: { path: { project_id: project }, query: by === "" ? {} : { by } },
            signal,
          }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function pointsQuery(project: number, { dimension, metric }: Cell) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "points", dimension, metric],
    queryFn: ({ signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics/points", {
            params: { path: { project_id: project }, query: { dimension, metric } },
            signal,
          }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function rivalsQuery(project: number, dimension: string, first: string, second: string) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "rivals", dimension, first, second],
    queryFn: ({ signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics/rivals", {
            params: { path: { project_id: project }, query: { dimension, first, second } },
            signal,
          }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function poweredQuery(project: number, { dimension, metric }: Cell) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "powered", dimension, metric],
    queryFn: ({ signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics/powered", {
            params: { path: { project_id: project }, query: { dimension, metric } },
            signal,
          }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function replaceableQuery(project: number, dimension: string) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "replaceable", dimension],
    queryFn: ({ signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics/replaceable", {
            params: { path: { project_id: project }, query: { dimension } },
            signal,
          }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function stepsQuery(project: number, dimension: string, against: string) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "steps", dimension, against],
    queryFn: ({ signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics/steps", {
            params: { path: { project_id: project }, query: { dimension, against } },
            signal,
          }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function disagreementsQuery(project: number, { dimension, metric }: Cell) {
  return infiniteQueryOptions({
    queryKey: ["project", project, "report", "metrics", "disagreements", dimension, metric],
    queryFn: ({ pageParam, signal }) =>
      report(
        () =>
          server.GET("/projects/{project_id}/reports/metrics/disagreements", {
            params: {
              path: { project_id: project },
              query: { dimension, metric, ...(pageParam === "" ? {} : { cursor: pageParam }) },
            },
            signal,
          }),
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
  });
}
