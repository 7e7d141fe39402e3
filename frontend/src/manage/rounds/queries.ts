/** What the card of rounds asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Rounds = Schemas["RoundsReport"];
export type Design = Schemas["NewRoundRequest"]["design"];
export type Mode = NonNullable<Schemas["NewRoundRequest"]["mode"]>;
export type NewRound = Required<Schemas["NewRoundRequest"]>;

const of = (project: number) => ({ path: { project_id: project } });

export function roundsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "rounds"],
    queryFn: ({ signal }) => answer(server.GET("/projects/{project_id}/rounds", { params: of(project), signal })),
    retry: false,
  });
}

/** `key`: made once for a round, sent on every try. */
export function drawRound(project: number, round: NewRound, key: string): Promise<Schemas["BatchWithProblems"]> {
  const params = { ...of(project), header: { "Idempotency-Key": key } };
  return answer(server.POST("/projects/{project_id}/rounds", { params, body: round }));
}
