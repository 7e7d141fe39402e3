import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { api } from "@/api/client";
import type { Measurements } from "@/api/types";

/** So many images are fetched by themselves; sorting and means are honest up to there. */
const BY_ITSELF = 2_000;

export const measurementsKey = (project: number) => ["project", project, "measurements"] as const;

/** All measured images page by page, refreshed while the server is still measuring. */
export function useMeasured(project: number) {
  const query = useInfiniteQuery({
    queryKey: measurementsKey(project),
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === null ? "" : `?cursor=${encodeURIComponent(pageParam)}`;
      return api.get<Measurements>(`/projects/${project}/measurements${cursor}`, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const progress = pages[0]?.progress;
      if (progress === undefined || progress.done + progress.failed >= progress.total) return false;
      return pages.length > 3 ? 15_000 : 2_000;
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
