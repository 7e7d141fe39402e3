/** What every part of the site asks the server: who is signed in, and about a project. */

import { hashKey, keepPreviousData, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, ApiError, type Schemas, server } from "./client";

/** `null`: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Schemas["Me"] | null> => {
    try {
      return await answer(server.GET("/me", { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** The signed-in person; only for pages that the frame shows to signed-in people. */
export function useMe(): Schemas["Me"] {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("useMe outside of a signed-in page");
  return data;
}

/** `code`: of the authenticator app, once the server has asked for it. */
export async function signIn(credentials: Schemas["LoginRequest"]): Promise<Schemas["Me"]> {
  return answer(server.POST("/auth/login", { body: credentials }));
}

/** How the signed-in person signs in. */
export const myWaysInQuery = queryOptions({
  queryKey: ["me", "ways"],
  queryFn: ({ signal }) => answer(server.GET("/me/ways", { signal })),
});

/** How people sign in on this site. */
export const waysInQuery = queryOptions({
  queryKey: ["ways-in"],
  queryFn: ({ signal }) => answer(server.GET("/auth/ways", { signal })),
  staleTime: Infinity,
});

/** Leaves the page for the provider's, which sends back to `then`. */
export async function leaveForProvider(then: string, { connect = false } = {}): Promise<void> {
  const { url } = await answer(server.POST("/auth/openid", { body: { then, connect } }));
  window.location.assign(url);
}

/** Ends the session; who came by the provider leaves the page, to be signed out there too. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    const { data } = await server.POST("/auth/logout");
    if (data) {
      window.location.assign(data.url);
      return;
    }
    // Told first, so that every page is left, then what they had asked is forgotten.
    client.setQueryData(meQuery.queryKey, null);
    client.removeQueries({ predicate: ({ queryHash }) => queryHash !== hashKey(meQuery.queryKey) });
  };
}

/**
 * Changes what the person may change about themselves, and what every page knows of it; also when
 * the page is left meanwhile.
 */
export function useChangeMe(): (change: Schemas["PatchedChangeMeRequest"]) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    const asked = lastChange
      .catch(() => undefined)
      .then(() => answer(server.PATCH("/me", { body: change, keepalive: true })));
    lastChange = asked;
    const me = await asked;
    if (lastChange === asked) client.setQueryData(meQuery.queryKey, me);
  };
}

// One after the other, and only the last one's answer counts: else what was chosen first could be
// answered, or stored, after what was chosen then.
let lastChange: Promise<unknown> = Promise.resolve();

/** One's own projects with what there is to do in each; the archived ones when asked for. */
export function myProjectsQuery(archived: boolean) {
  return queryOptions({
    // Below `me`: whatever changes where one belongs makes it old as well.
    queryKey: ["me", "projects", { archived }],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/mine", { params: { query: { archived } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function projectQuery(id: number) {
  return queryOptions({
    queryKey: ["project", id],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}", { params: { path: { project_id: id } }, signal })),
  });
}
