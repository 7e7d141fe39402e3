/** What the desk asks of the server. */

import { answer, ApiError, type Schemas, server, within } from "@/api/client";

export type Me = Schemas["Me"];
export type Project = Schemas["Project"];
export type Assignment = Schemas["Assignment"];
export type AnsweredAssignment = Schemas["AnsweredAssignment"];
export type Claims = Schemas["Claims"];
export type Heartbeat = Schemas["HeldLeases"];
/** What the server says of a stored answer; its claims were asked for along with it. */
export type Stored = Schemas["Receipt"];
export type Receipt = Omit<Stored, "claims">;
export type AnnotationBody = Schemas["SubmissionRequest"];
export type ReleaseReason = Schemas["ReleaseRequest"]["reason"];

const soon = { fetch: within(15_000) };

export function claim(project: number, count: number): Promise<Claims> {
  const path = { project_id: project };
  return answer(
    server.POST("/projects/{project_id}/claims", { params: { path }, body: { count }, ...soon }),
  );
}

export function heartbeat(): Promise<Heartbeat> {
  return answer(server.POST("/claims/heartbeat", soon));
}

export function release(assignment: string, reason: ReleaseReason): Promise<unknown> {
  const path = { assignment_id: assignment };
  return server.POST("/assignments/{assignment_id}/release", {
    params: { path },
    body: { reason },
    ...soon,
  });
}

export function fetchAssignment(assignment: string): Promise<AnsweredAssignment> {
  const path = { assignment_id: assignment };
  return answer(server.GET("/assignments/{assignment_id}", { params: { path }, ...soon }));
}

interface Annotation {
  assignment: string;
  key: string;
  body: AnnotationBody;
}

/** Sends an answer under its key: however often it is sent, it is stored once. `hold`: see claim. */
export function sendAnswer(
  { assignment, key, body }: Annotation,
  hold: number | null,
): Promise<Stored> {
  const params = {
    path: { assignment_id: assignment },
    header: { "Idempotency-Key": key },
    query: hold === null ? {} : { hold },
  };
  return answer(server.PUT("/assignments/{assignment_id}/annotation", { params, body, ...soon }));
}

/** Who is signed in on this browser now, by id; null: nobody. */
export async function whoAmI(): Promise<number | null> {
  try {
    return (await answer(server.GET("/me", soon))).id;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
