import { useMutation, useQueryClient } from "@tanstack/react-query";

import type { Schemas } from "@/api/client";
import { projectQuery } from "@/manage/queries";

/** Does something to a batch; after it everything about the batch and its project is asked anew. */
export function useAct<T = void>(
  batch: Schemas["Batch"],
  act: (given: T) => Promise<unknown>,
  onDone?: () => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["batch", batch.id] });
      void client.invalidateQueries({ queryKey: projectQuery(batch.project).queryKey });
      onDone?.();
    },
  });
}
