/** What the page of a batch asks about its verdict, and the acts of a lead. */

import { queryOptions } from "@tanstack/react-query";

import { answer, type Schemas, server } from "@/api/client";

export type Acceptance = Schemas["BatchAcceptance"];
export type ReturnRequest = Schemas["ReturnRequest"];

export const VERDICT_COLOURS = { open: "gray", signed_off: "green", returned: "orange" } as const;

export function acceptanceQuery(batch: number) {
  return queryOptions({
    queryKey: ["batch", batch, "acceptance"],
    queryFn: ({ signal }) =>
      answer(server.GET("/batches/{batch_id}/acceptance", { params: { path: { batch_id: batch } }, signal })),
  });
}

// What would happen is asked anew whenever a dialog opens.
const FRESH = { gcTime: 0, staleTime: 0 };

export function signOffPreview(batch: number) {
  return queryOptions({
    queryKey: ["batch", batch, "sign-off"],
    queryFn: () => signOff(batch, "", true),
    ...FRESH,
  });
}

export function returnPreview(batch: number, request: ReturnRequest) {
  return queryOptions({
    queryKey: ["batch", batch, "return", request.annotator_id, request.to_authors],
    queryFn: () => sendBack(batch, request, true),
    ...FRESH,
  });
}

export function drawPreview(batch: number) {
  return queryOptions({ queryKey: ["batch", batch, "draw"], queryFn: () => drawMore(batch, true), ...FRESH });
}

export function signOff(batch: number, reason: string, preview = false) {
  const params = { path: { batch_id: batch }, query: { preview } };
  return answer(server.POST("/batches/{batch_id}/sign-off", { params, body: { reason } }));
}

export function withdrawSignOff(batch: number, reason: string) {
  const params = { path: { batch_id: batch } };
  return answer(server.POST("/batches/{batch_id}/withdraw-sign-off", { params, body: { reason } }));
}

export function sendBack(batch: number, request: ReturnRequest, preview = false) {
  const params = { path: { batch_id: batch }, query: { preview } };
  return answer(server.POST("/batches/{batch_id}/return", { params, body: request }));
}

export function drawMore(batch: number, preview = false) {
  const params = { path: { batch_id: batch }, query: { preview } };
  return answer(server.POST("/batches/{batch_id}/draw", { params }));
}

export function giveBackRejected(batch: number) {
  return answer(server.POST("/batches/{batch_id}/give-back", { params: { path: { batch_id: batch } } }));
}

export function reopenStopped(batch: number) {
  return answer(server.POST("/batches/{batch_id}/reopen-stopped", { params: { path: { batch_id: batch } } }));
}
