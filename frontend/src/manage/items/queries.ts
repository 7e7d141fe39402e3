/** What the pages of items ask of the server, and what a lead can do there. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

import { type ItemFilters, parametersOf } from "./filters";

export type ListedItem = Schemas["ListedItem"];
export type DetailedItem = Schemas["DetailedItem"];
export type DetailedAnswer = Schemas["DetailedAnswer"];
export type ItemEffect = Schemas["ItemEffect"];
export type ExtraVotes = Schemas["ExtraVotes"];

export const itemsKey = (project: number) => ["project", project, "items"] as const;

export function itemsQuery(project: number, filters: ItemFilters) {
  const asked = parametersOf(filters);
  return infiniteQueryOptions({
    queryKey: [...itemsKey(project), "list", asked],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answer(
        server.GET("/projects/{project_id}/items", {
          params: {
            path: { project_id: project },
            query: { ...asked, ...(pageParam === "" ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
}

export function choicesQuery(project: number) {
  return queryOptions({
    queryKey: [...itemsKey(project), "choices"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/items/choices", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });
}

export function itemQuery(project: number, id: string) {
  return queryOptions({
    queryKey: [...itemsKey(project), "one", id],
    queryFn: ({ signal }) =>
      answer(server.GET("/items/{item_id}", { params: { path: { item_id: id } }, signal })),
  });
}

/** What a lead does with one item. */
export type Move =
  | { kind: "reopen"; answer: DetailedAnswer }
  | { kind: "extra_vote" }
  | { kind: "call_off" }
  | { kind: "exclude" }
  | { kind: "include" }
  | { kind: "override" }
  | { kind: "withdraw_override" };

export type Answers = Record<string, unknown>;

/** Makes the move, or with `preview` only tells what it would do. */
export function makeMove(
  item: string,
  move: Move,
  { preview, reason, answers }: { preview: boolean; reason: string; answers: Answers },
): Promise<ItemEffect> {
  const params = { path: { item_id: item }, query: { preview } };
  switch (move.kind) {
    case "reopen":
      return answer(
        server.POST("/items/{item_id}/reopen", {
          params,
          body: { annotation: move.answer.id, reason },
        }),
      );
    case "extra_vote":
      return answer(server.POST("/items/{item_id}/extra-vote", { params }));
    case "call_off":
      return answer(server.DELETE("/items/{item_id}/extra-vote", { params }));
    case "exclude":
      return answer(server.POST("/items/{item_id}/exclude", { params, body: { reason } }));
    case "include":
      return answer(server.POST("/items/{item_id}/include", { params }));
    case "override":
      return answer(server.POST("/items/{item_id}/override", { params, body: { answers, reason } }));
    case "withdraw_override":
      return answer(server.DELETE("/items/{item_id}/override", { params }));
  }
}

export function askExtraVotes(
  project: number,
  { preview, count, disagreement }: { preview: boolean; count: number; disagreement: number },
): Promise<ExtraVotes> {
  return answer(
    server.POST("/projects/{project_id}/items/extra-votes", {
      params: { path: { project_id: project }, query: { preview } },
      body: { count, disagreement },
    }),
  );
}
