/** What the desk asks of the server. */

import { api, ApiError, send } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type Project = Schemas["Project"];
export type Assignment = Schemas["Assignment"];
export type AnsweredAssignment = Schemas["AnsweredAssignment"];
export type Claims = Schemas["Hand"];
export type ClaimStatus = Claims["status"];
export type Heartbeat = Schemas["Held"];
export type Receipt = Schemas["Receipt"];
export type AnnotationBody = Schemas["SayingRequest"];
export type ReleaseReason = Schemas["ReleaseRequest"]["reason"];

const SEND_TIMEOUT_MS = 15_000;

export function fetchProject(id: number, signal: AbortSignal): Promise<Project> {
  return api.get<Project>(`/projects/${id}`, { signal });
}

export function claim(project: number, count: number): Promise<Claims> {
  return api.post<Claims>(`/projects/${project}/claims`, { count }, { timeout: SEND_TIMEOUT_MS });
}

export function heartbeat(): Promise<Heartbeat> {
  return api.post<Heartbeat>("/claims/heartbeat", {}, { timeout: SEND_TIMEOUT_MS });
}

export function release(id: string, reason: ReleaseReason): Promise<unknown> {
  return api.post(`/assignments/${id}/release`, { reason }, { timeout: SEND_TIMEOUT_MS });
}

export function fetchAssignment(id: string): Promise<AnsweredAssignment> {
  return api.get<AnsweredAssignment>(`/assignments/${id}`, { timeout: SEND_TIMEOUT_MS });
}

/** Sends an answer under its key: however often it is sent, it is stored once. */
export async function sendAnswer({
  assignment,
  key,
  body,
}: {
  assignment: string;
  key: string;
  body: AnnotationBody;
}): Promise<Receipt> {
  const answer = await send<Receipt>("PUT", `/assignments/${assignment}/annotation`, body, {
    headers: { "Idempotency-Key": key },
    timeout: SEND_TIMEOUT_MS,
  });
  return answer.body;
}

/** Who is signed in on this browser now, by id; null: nobody. */
export async function whoAmI(): Promise<number | null> {
  try {
    return (await api.get<Me>("/me", { timeout: SEND_TIMEOUT_MS })).id;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
