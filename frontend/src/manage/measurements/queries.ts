/** What the pages of measurements ask of the server. */

import { queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { api } from "@/api/client";
import type {
  ChosenMetrics,
  GeneratorMeans,
  Measurements,
  MeasuringProgress,
  Metric,
  References,
  SetMeasurements,
} from "@/api/metrics";

const LIVE_MS = 2_000;

/** So many images are fetched by themselves; sorting is honest up to there. */
const BY_ITSELF = 2_000;

export const measurementsKey = (project: number) => ["project", project, "measurements"] as const;

export function isMeasuring({ done, failed, total }: MeasuringProgress): boolean {
  return done + failed < total;
}

export const catalogQuery = queryOptions({
  queryKey: ["metrics-catalog"],
  queryFn: ({ signal }) => api.get<Metric[]>("/metrics-catalog", { signal }),
});

export function chosenQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "metrics", "chosen"],
    queryFn: ({ signal }) => api.get<ChosenMetrics>(`/projects/${project}/metrics`, { signal }),
  });
}

/** How far the measuring is; asked again while there is work. */
export function progressOfQuery(project: number) {
  return queryOptions({
    queryKey: [...measurementsKey(project), "first"],
    queryFn: ({ signal }) =>
      api.get<Measurements>(`/projects/${project}/measurements`, { signal }),
    refetchInterval: ({ state }) =>
      state.data && isMeasuring(state.data.progress) ? LIVE_MS : false,
  });
}

export function generatorMeansQuery(project: number) {
  return queryOptions({
    queryKey: [...measurementsKey(project), "generators"],
    queryFn: ({ signal }) =>
      api.get<GeneratorMeans>(`/projects/${project}/measurements/generators`, { signal }),
  });
}

export function referencesQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "references"],
    queryFn: ({ signal }) => api.get<References>(`/projects/${project}/references`, { signal }),
  });
}

export function setsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "sets"],
    queryFn: ({ signal }) => api.get<SetMeasurements>(`/projects/${project}/sets`, { signal }),
    refetchInterval: ({ state }) =>
      state.data && isMeasuring(state.data.progress) ? LIVE_MS : false,
  });
}

/** All measured images page by page, refreshed while the server is still measuring. */
export function useMeasured(project: number) {
  const query = useInfiniteQuery({
    queryKey: [...measurementsKey(project), "images"],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === null ? "" : `?cursor=${encodeURIComponent(pageParam)}`;
      return api.get<Measurements>(`/projects/${project}/measurements${cursor}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const first = pages[0];
      if (first === undefined || !isMeasuring(first.progress)) return false;
      return pages.length > 3 ? 15_000 : LIVE_MS;
    },
  });
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const images = data?.pages.flatMap((page) => page.results) ?? [];
  const wanted = hasNextPage && !isFetching && images.length < BY_ITSELF;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);
  return { query, images, first: data?.pages[0] };
}
