/** What the page of metrics and people asks of the server. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Disagreements, MetricPoints, MetricReport } from "@/api/metrics";

/** One cell of the table: a question and a metric. */
export interface Cell {
  dimension: string;
  metric: string;
}

function address(project: number, what: string, { dimension, metric }: Cell, cursor = ""): string {
  const query = new URLSearchParams({ dimension, metric });
  if (cursor !== "") query.set("cursor", cursor);
  return `/projects/${project}/reports/metrics/${what}?${query.toString()}`;
}

/** The server computes for some seconds and answers with what is there: the rest is asked for. */
const PATIENT_MS = 60_000;
const NEXT_MS = 250;

export function metricReportQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics"],
    queryFn: ({ signal }) =>
      api.get<MetricReport>(`/projects/${project}/reports/metrics`, { signal, timeout: PATIENT_MS }),
    refetchInterval: ({ state }) => ((state.data?.pending ?? 0) > 0 ? NEXT_MS : false),
    staleTime: 60_000,
  });
}

export function pointsQuery(project: number, cell: Cell) {
  return queryOptions({
    queryKey: ["project", project, "report", "metrics", "points", cell],
    queryFn: ({ signal }) => api.get<MetricPoints>(address(project, "points", cell), { signal }),
    staleTime: 60_000,
  });
}

export function disagreementsQuery(project: number, cell: Cell) {
  return infiniteQueryOptions({
    queryKey: ["project", project, "report", "metrics", "disagreements", cell],
    queryFn: ({ pageParam, signal }) =>
      api.get<Disagreements>(address(project, "disagreements", cell, pageParam), { signal }),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
    staleTime: 60_000,
  });
}
