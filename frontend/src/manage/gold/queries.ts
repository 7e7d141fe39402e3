/** What the page of known answers asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type GoldReport = Schemas["GoldReport"];
export type GoldSettings = Schemas["GoldSettings"];
export type TestedAnnotator = Schemas["TestedAnnotator"];
export type Shared = Schemas["SharedAlike"];

export const goldKey = (project: number) => ["project", project, "gold"] as const;

export function goldQuery(project: number) {
  return queryOptions({
    queryKey: goldKey(project),
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/gold", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
  });
}

export function saveRule(project: number, body: GoldSettings): Promise<GoldSettings> {
  return answer(
    server.PUT("/projects/{project_id}/gold", { params: { path: { project_id: project } }, body }),
  );
}

export function makeGold(item: string) {
  return answer(server.POST("/items/{item_id}/gold", { params: { path: { item_id: item } } }));
}

export function retireGold(project: number, gold: number) {
  return answer(
    server.POST("/projects/{project_id}/gold/{gold_id}/retire", {
      params: { path: { project_id: project, gold_id: gold } },
    }),
  );
}

export function ruleOnMiss(project: number, miss: number, ruling: "voided" | "upheld") {
  return answer(
    server.POST("/projects/{project_id}/gold-answers/{answer_id}/ruling", {
      params: { path: { project_id: project, answer_id: miss } },
      body: { ruling },
    }),
  );
}
