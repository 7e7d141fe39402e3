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

/** The most that the release before lets a person hold: it may answer while a site is upgraded. */
const FORMER_MOST = 5;

export async function claim(project: number, count: number): Promise<Claims> {
  const path = { project_id: project };
  try {
    return await answer(
      server.POST("/projects/{project_id}/claims", { params: { path }, body: { count }, ...soon }),
    );
  } catch (error) {
    if (count <= FORMER_MOST || !refusesField(error, "count")) throw error;
    return claim(project, FORMER_MOST);
  }
}

function refusesField(error: unknown, field: string): boolean {
  return error instanceof ApiError && error.status === 400 && field in error.fields;
}

export async function heartbeat(): Promise<Heartbeat> {
  const heard: Partial<Heartbeat> = await answer(server.POST("/claims/heartbeat", soon));
  // The release before says nothing of pauses.
  return { held: [], lease_expires_at: null, paused: [], ...heard };
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

export type MyAnnotation = Schemas["MyAnnotation"];

/** A page of one's own answers, the newest first; `before`: the last one of the page before. */
export function fetchHistory(
  project: number,
  query: { limit: number; before?: string },
): Promise<MyAnnotation[]> {
  const params = { path: { project_id: project }, query };
  return answer(server.GET("/projects/{project_id}/my-annotations", { params, ...soon }));
}

interface Annotation {
  assignment: string;
  key: string;
  body: AnnotationBody;
  first: boolean;
  asked?: number;
}

/** Sends an answer under its key: however often it is sent, it is stored once. `hold`: see claim. */
export async function sendAnswer(annotation: Annotation, hold: number | null): Promise<Stored> {
  try {
    return await putAnswer(annotation, hold);
  } catch (error) {
    // The claim alone is refused, by the release before.
    if (hold === null || !refusesField(error, "hold")) throw error;
    return putAnswer(annotation, null);
  }
}

function putAnswer(
  { assignment, key, body, first, asked }: Annotation,
  hold: number | null,
): Promise<Stored> {
  const params = {
    path: { assignment_id: assignment },
    header: { "Idempotency-Key": key, ...(first ? ({ "If-None-Match": "*" } as const) : {}) },
    query: {
      ...(hold === null ? {} : { hold }),
      ...(asked === undefined ? {} : { asked }),
    },
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
