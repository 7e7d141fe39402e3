import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type TrainingReport = Schemas["TrainingReport"];

export const trainingKey = (project: number) => ["project", project, "training"] as const;

export function trainingQuery(project: number) {
  return queryOptions({
    queryKey: trainingKey(project),
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/training", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
  });
}

export function putTrainingItem(item: string, note: string) {
  return answer(
    server.PUT("/items/{item_id}/training", { params: { path: { item_id: item } }, body: { note } }),
  );
}

export function dropTrainingItem(item: string) {
  return answer(server.DELETE("/items/{item_id}/training", { params: { path: { item_id: item } } }));
}
