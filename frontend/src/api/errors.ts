/** What a call to the server may end with instead of an answer. */

import type { Reason } from "@/i18n/reason";

/** The server refused, and said why: `code` is what programs read, with the values it names. */
export class ApiError extends Error implements Reason {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly params: Readonly<Record<string, unknown>> = {},
    /** Of what was sent, the parts that can't be taken, by name. */
    readonly fields: Readonly<Record<string, Reason>> = {},
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}

/** No answer came: the network is gone, or the request took too long. What it did is unknown. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** A refusal in our shape; a proxy's HTML page becomes one too. */
export function toApiError(status: number, body: unknown, retryAfter: string | null): ApiError {
  const known = isRecord(body) ? body : {};
  const fields = isRecord(known.fields) ? known.fields : {};
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  return new ApiError(
    status,
    typeof known.code === "string" ? known.code : codeOf(status),
    typeof known.message === "string" ? known.message : `HTTP ${status}`,
    isRecord(known.params) ? known.params : {},
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toReason(value)])),
    Number.isFinite(seconds) ? seconds : null,
  );
}

/** Of a refusal that is not the site's own: a proxy's, while the site is away. */
function codeOf(status: number): string {
  return status >= 502 ? "unavailable" : `http_${status}`;
}

function toReason(value: unknown): Reason {
  if (isRecord(value) && typeof value.code === "string") {
    return {
      code: value.code,
      params: isRecord(value.params) ? value.params : {},
      message: String(value.message),
    };
  }
  return { code: "", params: {}, message: String(value) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
