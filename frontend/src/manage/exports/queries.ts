/** What the export page asks of the server. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server, within } from "@/api/client";

import type { OptionValues } from "./options";

/** A format with options: what is asked for. */
export interface Request {
  format: string;
  options: OptionValues;
}

const LIVE_MS = 1_000;
/** Maps are drawn and everybody's votes are read: it may take its time. */
const PREVIEW_MS = 60_000;

const of = (project: number) => ({ path: { project_id: project } });

export function formatsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "export-formats"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/export-formats", { params: of(project), signal })),
  });
}

export function presetsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "export-presets"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/export-presets", { params: of(project), signal })),
  });
}

export function previewQuery(project: number, request: Request) {
  return queryOptions({
    queryKey: ["project", project, "export-preview", request.format, request.options],
    queryFn: ({ signal }) =>
      answer(
        server.POST("/projects/{project_id}/exports/preview", {
          params: of(project),
          body: request,
          fetch: within(PREVIEW_MS),
          signal,
        }),
      ),
    // What was there stays while another option of the same format is looked at.
    placeholderData: (before, query) => (query?.queryKey[3] === request.format ? before : undefined),
  });
}

export function isPending({ state }: Schemas["Export"]): boolean {
  return state === "requested" || state === "running";
}

export function exportsQuery(project: number) {
  return queryOptions({
    queryKey: ["project", project, "exports"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/exports", { params: of(project), signal })),
    refetchInterval: (query) => (query.state.data?.some(isPending) ? LIVE_MS : false),
  });
}

/** One export with the names of its files, which the list leaves out. */
export function exportQuery(id: number) {
  return queryOptions({
    queryKey: ["export", id],
    queryFn: ({ signal }) =>
      answer(server.GET("/exports/{export_id}", { params: { path: { export_id: id } }, signal })),
    staleTime: Infinity,
  });
}

export function makeExport(project: number, request: Request): Promise<Schemas["Export"]> {
  const call = { params: of(project), body: request };
  return answer(server.POST("/projects/{project_id}/exports", call));
}

export function cancelExport(id: number): Promise<unknown> {
  return answer(server.POST("/exports/{export_id}/cancel", { params: { path: { export_id: id } } }));
}

export function retryExport(id: number): Promise<unknown> {
  return answer(server.POST("/exports/{export_id}/retry", { params: { path: { export_id: id } } }));
}

export function deleteExport(id: number): Promise<unknown> {
  return answer(server.DELETE("/exports/{export_id}", { params: { path: { export_id: id } } }));
}
