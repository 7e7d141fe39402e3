/**
 * The one way to the server: a call's path, body and answer are typed by the generated schema.
 *
 *     const project = await answer(server.GET("/projects/{project_id}", { params: { path } }));
 *
 * A call throws ApiError (the server refused, and said why) or NoAnswer (what it did is unknown).
 */

import createClient from "openapi-fetch";

import { ApiError, NoAnswer, toApiError } from "./errors";
import type { components, paths } from "./schema";

export { ApiError, NoAnswer, toApiError };

/** What the server sends and takes, by name: `Schemas["Project"]`. */
export type Schemas = components["schemas"];

type Paths = {
  [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Rest : never]: paths[Path];
};

const LIMIT_MS = 30_000;

/** A call that counts as unanswered after so long: `server.GET(path, { fetch: within(5_000) })`. */
export function within(milliseconds: number): (request: Request) => Promise<Response> {
  return (request) => ask(request, milliseconds);
}

export const server = createClient<Paths>({
  baseUrl: "/api/v1",
  headers: { Accept: "application/json" },
  credentials: "same-origin",
  fetch: within(LIMIT_MS),
});

/** What a call brings; its refusals are thrown. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

interface Report {
  computed_at: string;
}

const LOOK_AGAIN_MS = 1_000;

/** A report; while a worker computes it for the first time (202), it is asked for again. */
export async function report<T>(
  ask: () => Promise<{ data?: T; response: Response }>,
  signal: AbortSignal,
): Promise<Extract<T, Report>> {
  for (;;) {
    const { data, response } = await ask();
    if (response.status !== 202) return data as Extract<T, Report>;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    signal.throwIfAborted();
  }
}

type FormValue = Blob | string | number | boolean | null | undefined;

/** For `bodySerializer`: the fields as a form, which carries files too. */
export function asForm(fields: Readonly<Record<string, FormValue>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null) {
      form.set(name, value instanceof Blob ? value : String(value));
    }
  }
  return form;
}

/** Django sets it with GET /me; it goes back as a header on every unsafe request. */
export function csrfToken(cookies: string = document.cookie): string {
  const found = /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1];
  return found === undefined ? "" : decodeURIComponent(found);
}

async function ask(request: Request, milliseconds: number): Promise<Response> {
  if (request.method !== "GET") request.headers.set("X-CSRFToken", csrfToken());
  // Not AbortSignal.timeout: nothing but a weak reference keeps that alive until it fires.
  const stopper = new AbortController();
  const stop = () => stopper.abort(request.signal.reason);
  const alarm = setTimeout(() => stopper.abort(), milliseconds);
  request.signal.addEventListener("abort", stop);
  if (request.signal.aborted) stop();
  let response: Response;
  let text: string;
  try {
    response = await fetch(request, { signal: stopper.signal });
    // Read to its end here: a body that breaks off is no answer either.
    text = await response.text();
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new NoAnswer(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(alarm);
    request.signal.removeEventListener("abort", stop);
  }
  const { ok, status, headers } = response;
  const body = parsed(text);
  if (!ok) throw toApiError(status, body, headers.get("Retry-After"));
  // Something between here and the server answered in its place.
  if (text !== "" && body === undefined) throw new NoAnswer("the answer is not JSON");
  return new Response(text === "" ? null : text, { status, headers });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
