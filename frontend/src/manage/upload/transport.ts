/** The upload's network: three calls, each answered as an event of the machine. */

import { answer, ApiError, csrfToken, NoAnswer, type Schemas, server, toApiError } from "@/api/client";

import type { UploadEvent } from "./machine";
import type { Transport } from "./runner";

export type NewBatch = Schemas["NewBatchRequest"];

/** Refusals that pass by themselves; everything else a person has to look at. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

export class HttpTransport implements Transport {
  private request: XMLHttpRequest | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly project: number,
    private readonly file: File,
    private readonly batch: NewBatch,
    private readonly onCreated: (batch: number) => void,
  ) {}

  create(): Promise<UploadEvent> {
    return asEvent(async () => {
      const made = await answer(
        server.POST("/projects/{project_id}/batches", {
          params: { path: { project_id: this.project } },
          body: this.batch,
        }),
      );
      this.onCreated(made.id);
      return { kind: "created", batch: made.id, size: this.file.size };
    });
  }

  locate(batch: number): Promise<UploadEvent> {
    return asEvent(async () => {
      try {
        const { offset, size } = await answer(
          server.GET("/batches/{batch_id}/upload", { params: { path: { batch_id: batch } } }),
        );
        return { kind: "located", offset, size };
      } catch (error) {
        // The last piece had arrived although its answer was lost: the upload is closed.
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
        return { kind: "located", offset: this.file.size, size: this.file.size };
      }
    });
  }

  async send(
    batch: number,
    piece: { start: number; end: number },
    onSent: (bytes: number) => void,
  ): Promise<UploadEvent> {
    let body: ArrayBuffer;
    try {
      body = await this.file.slice(piece.start, piece.end).arrayBuffer();
    } catch (error) {
      return { kind: "refused", code: "file_gone", message: String(error) };
    }
    return this.patch(`/api/v1/batches/${batch}/upload`, piece.start, body, onSent);
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        window.removeEventListener("online", done);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      window.addEventListener("online", done);
      this.wake = done;
    });
  }

  abort(): void {
    this.request?.abort();
    this.wake?.();
  }

  /** XMLHttpRequest, because fetch does not say how much of a body has left. */
  private patch(
    url: string,
    offset: number,
    body: ArrayBuffer,
    onSent: (bytes: number) => void,
  ): Promise<UploadEvent> {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("PATCH", url);
      request.timeout = 120_000;
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.setRequestHeader("Upload-Offset", String(offset));
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => onSent(event.loaded);
      request.onload = () => resolve(answered(request));
      request.onerror = () => resolve({ kind: "lost" });
      request.ontimeout = () => resolve({ kind: "lost" });
      request.onabort = () => resolve({ kind: "lost" });
      request.send(body);
    });
  }
}

function answered(request: XMLHttpRequest): UploadEvent {
  const body = parsed(request.responseText);
  if (request.status >= 200 && request.status < 300) {
    const { offset } = body as { offset?: unknown };
    return typeof offset === "number" ? { kind: "accepted", offset } : { kind: "lost" };
  }
  return eventOf(toApiError(request.status, body, request.getResponseHeader("Retry-After")));
}

function parsed(text: string): object {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null ? read : {};
  } catch {
    return {};
  }
}

async function asEvent(call: () => Promise<UploadEvent>): Promise<UploadEvent> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NoAnswer) return { kind: "lost" };
    if (error instanceof ApiError) return eventOf(error);
    throw error;
  }
}

function eventOf(error: ApiError): UploadEvent {
  const { offset } = error.params;
  if (error.code === "offset_mismatch" && typeof offset === "number") {
    return { kind: "mismatched", offset };
  }
  if (PASSING.has(error.status)) return { kind: "lost" };
  return { kind: "refused", code: error.code, message: error.message };
}
