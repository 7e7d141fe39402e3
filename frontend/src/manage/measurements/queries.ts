/** What the pages of measurements ask of the server. */

import { queryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { answer, report, type Schemas, server } from "@/api/client";
import { whileComputing } from "@/manage/queries";

export type ChosenMetrics = Schemas["ChosenMetrics"];
export type GeneratorMean = Schemas["GeneratorMetric"];
export type GeneratorRow = Schemas["GeneratorRow"];
export type MeasuredImage = Schemas["MeasuredRow"];
export type MeasuredValue = Schemas["MeasuredValue"];
export type MeasuringProgress = Schemas["MeasuringProgress"];
export type Metric = Schemas["CatalogMetric"];
export type Reference = Schemas["ReferenceRow"];
export type SetMeasurement = Schemas["SetRow"];

const LIVE_MS = 2_000;

/** So many images are fetched by themselves; sorting is honest up to there. */
const BY_ITSELF = 2_000;

/** The parameters of a call about a project. */
export function of(project: number) {
  return { params: { path: { project_id: project } } };
}

export const measurementsKey = (project: number) => ["project", project, "measurements"] as const;
export const generatorMeansKey = (project: number) =>
  [...measurementsKey(project), "generators"] as const;

export function isMeasuring({ done, failed, total }: MeasuringProgress): boolean {
  return done + failed < total;
}

export const catalogQuery = queryOptions({
  queryKey: ["metrics-catalog"],
  queryFn: ({ signal }) => answer(server.GET("/metrics-catalog", { signal })),
});

export function chosenQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "metrics", "chosen"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/metrics", { ...of(project), signal })),
  });
}

/** The catalog, then the project's own reward heads. */
export function metricsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "metrics", "all"],
    queryFn: async ({ client }) => {
      const [catalog, { learnt }] = await Promise.all([
        client.query({ ...catalogQuery, staleTime: "static" }),
        client.query(chosenQuery(project)),
      ]);
      return [...catalog, ...learnt];
    },
  });
}

/** How far the measuring is; asked again while there is work. */
export function progressOfQuery(project: number) {
  return queryOptions({
    queryKey: [...measurementsKey(project), "first"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/measurements", { ...of(project), signal })),
    refetchInterval: ({ state }) =>
      state.data && isMeasuring(state.data.progress) ? LIVE_MS : false,
  });
}

export function generatorMeansQuery(project: number, by: string) {
  const params = { ...of(project).params, query: by === "" ? {} : { by } };
  return queryOptions({
    queryKey: [...generatorMeansKey(project), by],
    queryFn: ({ signal }) =>
      report(
        () => server.GET("/projects/{project_id}/measurements/generators", { params, signal }),
        signal,
      ),
    refetchInterval: whileComputing(),
  });
}

export function referencesQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "references"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/references", { ...of(project), signal })),
  });
}

export function setsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "sets"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/sets", { ...of(project), signal })),
    refetchInterval: ({ state }) =>
      state.data && isMeasuring(state.data.progress) ? LIVE_MS : false,
  });
}

/** All measured images page by page, refreshed while the server is still measuring. */
export function useMeasured(project: number) {
  const query = useInfiniteQuery({
    queryKey: [...measurementsKey(project), "images"],
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam === null ? {} : { cursor: pageParam };
      const params = { ...of(project).params, query };
      return answer(server.GET("/projects/{project_id}/measurements", { params, signal }));
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
  const more = hasNextPage && !isFetching && images.length < BY_ITSELF;
  useEffect(() => {
    if (more) void fetchNextPage();
  }, [more, fetchNextPage]);
  return { query, images, first: data?.pages[0] };
}
