/** What the reward model's page asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Head = Schemas["RewardHead"];
export type Report = Schemas["RewardReport"];
export type DimensionReport = Schemas["DimensionReport"];
export type RatedReport = Schemas["RatedReport"];
export type Votes = Schemas["RewardVotes"];
export type GroupAccuracy = Schemas["GroupAccuracy"];
export type Estimate = Schemas["Estimate"];

const LIVE_MS = 1_000;

const of = (project: number) => ({ path: { project_id: project } });
const ofHead = (id: number) => ({ path: { reward_head_id: id } });

export function isPending({ state }: Head): boolean {
  return state === "requested" || state === "running";
}

export function headsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "reward-heads"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/reward-heads", { params: of(project), signal })),
    refetchInterval: (query) => (query.state.data?.some(isPending) ? LIVE_MS : false),
  });
}

export function votesQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "reward-votes"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/reward-votes", { params: of(project), signal })),
  });
}

/** Of one that is done: it never changes. */
export function reportQuery(id: number) {
  return queryOptions({
    queryKey: ["reward-head", id, "report"],
    queryFn: ({ signal }) =>
      answer(server.GET("/reward-heads/{reward_head_id}/report", { params: ofHead(id), signal })),
    staleTime: Infinity,
  });
}

export function trainHead(project: number, network: string): Promise<Head> {
  const call = { params: of(project), body: { network } };
  return answer(server.POST("/projects/{project_id}/reward-heads", call));
}

export function cancelHead(id: number): Promise<Head> {
  return answer(server.POST("/reward-heads/{reward_head_id}/cancel", { params: ofHead(id) }));
}

export function retryHead(id: number): Promise<Head> {
  return answer(server.POST("/reward-heads/{reward_head_id}/retry", { params: ofHead(id) }));
}
