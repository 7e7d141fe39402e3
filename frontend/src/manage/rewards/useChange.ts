import { useMutation, useQueryClient } from "@tanstack/react-query";

import { useProject } from "@/manage/frame/ProjectFrame";

import { type Head, headsQuery } from "./queries";

/** Asks the server for a change, and for the list anew whatever it says. */
export function useChange(change: () => Promise<Head>) {
  const project = useProject();
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: headsQuery(project.id).queryKey }),
  });
}
