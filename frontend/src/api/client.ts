/** The one way to the server: JSON over fetch, session cookie, CSRF header, errors by code. */

const ROOT = "/api/v1";

/** The server refused, and said why: `code` is what programs read, `message` is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Readonly<Record<string, unknown>> = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}

/** No answer came: the network is gone, or the request took too long. What it did is unknown. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Options {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds until the request counts as unanswered. */
  timeout?: number;
}

export interface Answer<T> {
  body: T;
  status: number;
  headers: Headers;
}

/** Django sets it with GET /me; it goes back as a header on every unsafe request. */
export function csrfToken(cookies: string = document.cookie): string {
  const found = /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1];
  return found === undefined ? "" : decodeURIComponent(found);
}

function headersFor(method: Method, body: unknown, extra: Record<string, string>): Headers {
  const headers = new Headers({ Accept: "application/json" });
  if (method !== "GET") headers.set("X-CSRFToken", csrfToken());
  if (body !== undefined && !isRaw(body)) {
    headers.set("Content-Type", "application/json");
  }
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return headers;
}

/** Bytes and forms are sent as they are; the browser names their type. */
function isRaw(body: unknown): body is Blob | FormData {
  return body instanceof Blob || body instanceof FormData;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A refusal in our shape; a proxy's HTML page becomes one too. */
export function toApiError(status: number, body: unknown, retryAfter: string | null): ApiError {
  const known = isRecord(body) ? body : {};
  const code = typeof known.code === "string" ? known.code : `http_${status}`;
  const message = typeof known.message === "string" ? known.message : `HTTP ${status}`;
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  return new ApiError(
    status,
    code,
    message,
    isRecord(known.fields) ? known.fields : {},
    Number.isFinite(seconds) ? seconds : null,
  );
}

async function parsed(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The answer with its status and headers. Throws ApiError (refused) or NoAnswer (unknown). */
export async function send<T>(
  method: Method,
  path: string,
  body?: unknown,
  { headers = {}, signal, timeout = 30_000 }: Options = {},
): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(timeout);
  const init: RequestInit = {
    method,
    headers: headersFor(method, body, headers),
    credentials: "same-origin",
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  };
  if (body !== undefined) init.body = isRaw(body) ? body : JSON.stringify(body);
  let response: Response;
  let content: unknown;
  try {
    response = await fetch(ROOT + path, init);
    content = await parsed(response);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new NoAnswer(error instanceof Error ? error.message : String(error));
  }
  if (!response.ok) {
    throw toApiError(response.status, content, response.headers.get("Retry-After"));
  }
  return { body: content as T, status: response.status, headers: response.headers };
}

async function bodyOf<T>(answer: Promise<Answer<T>>): Promise<T> {
  return (await answer).body;
}

/** The usual calls; `path` starts after /api/v1. */
export const api = {
  get: <T>(path: string, options?: Options) => bodyOf(send<T>("GET", path, undefined, options)),
  post: <T>(path: string, body?: unknown, options?: Options) =>
    bodyOf(send<T>("POST", path, body, options)),
  put: <T>(path: string, body?: unknown, options?: Options) =>
    bodyOf(send<T>("PUT", path, body, options)),
  patch: <T>(path: string, body?: unknown, options?: Options) =>
    bodyOf(send<T>("PATCH", path, body, options)),
  delete: (path: string, options?: Options) =>
    bodyOf(send<undefined>("DELETE", path, undefined, options)),
};
