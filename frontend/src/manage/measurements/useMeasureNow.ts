import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, server } from "@/api/client";

import { chosenQuery, measurementsKey, of } from "./queries";

/** Asks for the project's chosen metrics of all its images; what has its value is kept. */
export function useMeasureNow(project: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const { chosen } = await client.query({ ...chosenQuery(project), staleTime: 0 });
      const body = { metrics: chosen };
      return answer(server.POST("/projects/{project_id}/measurements", { ...of(project), body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: measurementsKey(project) }),
  });
}
