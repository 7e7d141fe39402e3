/** What the page of people asks. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Account = Schemas["Account"];

export const PEOPLE = ["people"] as const;

export function accountsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [...PEOPLE, search],
    queryFn: ({ pageParam, signal }) =>
      answer(server.GET("/people", { params: { query: { search, cursor: pageParam } }, signal })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    // What was found stays while the next letters are looked for.
    placeholderData: (before) => before,
  });
}

export function holdingsQuery(account: number) {
  return queryOptions({
    queryKey: [...PEOPLE, "holdings", account],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/people/{user_id}/holdings", {
          params: { path: { user_id: account } },
          signal,
        }),
      ),
    // What would end is asked when it is about to.
    staleTime: 0,
    gcTime: 0,
  });
}
