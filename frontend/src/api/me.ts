/** Who is signed in: asked once, shared by all rooms. */

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, ApiError } from "./client";
import type { Language, Me } from "./types";

/** `null`: nobody is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await api.get<Me>("/me", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** The signed-in person; only for pages that the frame shows to signed-in people. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("useMe outside of a signed-in page");
  return data;
}

export async function signIn(username: string, password: string): Promise<Me> {
  return api.post<Me>("/auth/login", { username, password });
}

export async function signOut(): Promise<void> {
  await api.post("/auth/logout");
}

/** Changes what the person may change about themselves, and what every page knows of it. */
export function useChangeMe(): (change: {
  display_name?: string;
  language?: Language;
}) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    const me = await api.patch<Me>("/me", change);
    client.setQueryData(meQuery.queryKey, me);
  };
}
