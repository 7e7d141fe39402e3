/** What the export page asks of the server besides the formats and the list (manage/queries.ts). */

import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Export, ExportPreset, ExportPreview, Wanted } from "@/api/exports";

import { codeIn } from "./command";

/** Maps are drawn and everybody's votes are read: it may take its time. */
const PREVIEW_MS = 60_000;

export function presetsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "export-presets"],
    queryFn: ({ signal }) =>
      api.get<ExportPreset[]>(`/projects/${project}/export-presets`, { signal }),
  });
}

export function previewQuery(project: number, wanted: Wanted) {
  return queryOptions({
    queryKey: ["project", project, "export-preview", wanted.format, wanted.options],
    queryFn: ({ signal }) =>
      api.post<ExportPreview>(`/projects/${project}/exports/preview`, wanted, {
        signal,
        timeout: PREVIEW_MS,
      }),
    // What was there stays while another option of the same format is looked at.
    placeholderData: (before, query) => (query?.queryKey[3] === wanted.format ? before : undefined),
  });
}

/** The code in the export's own README; null without one. */
export function readmeCodeQuery({ id, format }: Export) {
  return queryOptions({
    queryKey: ["export", id, "readme"],
    queryFn: async ({ signal }) => {
      const answer = await fetch(`/api/v1/exports/${id}/files/README.md`, { signal });
      return answer.ok ? codeIn(await answer.text(), format) : null;
    },
    staleTime: Infinity,
  });
}
