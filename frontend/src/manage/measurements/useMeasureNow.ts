import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "@/api/client";

import { chosenQuery, measurementsKey } from "./queries";

/** Asks for the project's chosen metrics of all its images; what has its value is kept. */
export function useMeasureNow(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { chosen } = await client.query({ ...chosenQuery(project), staleTime: 0 });
      return api.post<{ images: number }>(`/projects/${project}/measurements`, { metrics: chosen });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: measurementsKey(project) }),
  });
}
