import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";

import { type Schemas, server } from "@/api/client";
import { meQuery } from "@/api/queries";

/** Accepts an invitation, and goes home as who one then is. */
export function useJoin(token: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: Schemas["NewUserRequest"]) =>
      server.POST("/invitations/{invitation}/accept", {
        params: { path: { invitation: token } },
        body,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      await navigate("/");
    },
  });
}
