import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { answer, type Schemas, server } from "@/api/client";
import { type Keymap, USUAL } from "@/ui/desk/keymap";

import { KEY_SETS } from "./keySets";

type ChosenKeys = Schemas["ChosenKeys"];

const keysQuery = queryOptions({
  // Below `me`: who signs in as another has other keys.
  queryKey: ["me", "keys"],
  queryFn: ({ signal }) => answer(server.GET("/me/keys", { signal })),
  staleTime: Infinity,
});

/** This person's keys; the usual ones until, or where, the server does not tell. */
export function useKeymap(): Keymap {
  const { data } = useQuery(keysQuery);
  return useMemo(() => (data ? { set: KEY_SETS[data.key_set], own: data.keys } : USUAL), [data]);
}

/** What is chosen, and choosing: at once here, and kept on the server. */
export function useChooseKeys() {
  const client = useQueryClient();
  const { data } = useQuery(keysQuery);
  const chosen: ChosenKeys = data ?? { key_set: "usual", keys: {} };
  const save = useMutation({
    mutationFn: (body: ChosenKeys) => answer(server.PUT("/me/keys", { body })),
    onMutate: (body) => {
      client.setQueryData(keysQuery.queryKey, body);
      return chosen;
    },
    onError: (_error, _body, before) => client.setQueryData(keysQuery.queryKey, before),
  });
  return {
    chosen,
    error: save.error,
    choose: (more: Partial<ChosenKeys>) => save.mutate({ ...chosen, ...more }),
  };
}
