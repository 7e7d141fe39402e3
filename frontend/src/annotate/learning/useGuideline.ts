import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { answer, server } from "@/api/client";

/** How often an open desk looks for a changed guideline. */
const LOOK_EVERY_MS = 60_000;

export interface GuidelineNow {
  readonly text: string;
  /** The text that this person last read, where it has changed since; else null. */
  readonly news: string | null;
  readonly acknowledge: () => void;
  readonly acknowledging: boolean;
  readonly failure: Error | null;
}

/** The project's guideline as it stands; `text` is what the page knew of it. */
export function useGuideline(project: number, text: string): GuidelineNow {
  const client = useQueryClient();
  const params = { params: { path: { project_id: project } } };
  const queryKey = ["project", project, "guideline", "mine"];
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/guideline", { ...params, signal })),
    refetchInterval: LOOK_EVERY_MS,
    retry: false,
  });
  const version = data?.version ?? 1;
  const read = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/guideline/acknowledgement", {
          ...params,
          body: { version },
        }),
      ),
    onSuccess: () =>
      client.setQueryData(queryKey, data && { ...data, read_version: null, read_text: null }),
  });
  return {
    text: data?.text ?? text,
    news: data?.read_text ?? null,
    acknowledge: () => read.mutate(),
    acknowledging: read.isPending,
    failure: read.error,
  };
}
