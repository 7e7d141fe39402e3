/**
 * The uploads of this tab. They live outside of the pages, so that one may look at other pages of
 * the site while an upload goes on.
 */

import { useSyncExternalStore } from "react";

import { type UploadState } from "./machine";
import { fingerprint, forget, remember } from "./remembered";
import { isBusy, UploadRun } from "./runner";
import { HttpTransport, type NewBatch } from "./transport";

export interface Upload {
  key: number;
  project: number;
  filename: string;
  size: number;
  state: UploadState;
  /** Bytes that have left, those on their way included. */
  sent: number;
  /** Bytes per second since the upload began or went on; null until it is known. */
  rate: number | null;
  pause: () => void;
  resume: () => void;
}

let uploads: readonly Upload[] = [];
let lastKey = 0;
const listeners = new Set<() => void>();

function publish(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}

function change(key: number, more: Partial<Upload>): void {
  publish(uploads.map((upload) => (upload.key === key ? { ...upload, ...more } : upload)));
}

export function useUploads(project: number): readonly Upload[] {
  const all = useAllUploads();
  return all.filter((upload) => upload.project === project);
}

export function useAllUploads(): readonly Upload[] {
  return useSyncExternalStore(subscribe, () => uploads);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function dismiss(key: number): void {
  publish(uploads.filter((upload) => upload.key !== key));
}

interface Start {
  project: number;
  file: File;
  batch: NewBatch;
  /** The batch of an unfinished upload to go on with; null for a new one. */
  resume: number | null;
  onFinished: (batch: number) => void;
}

export function startUpload({ project, file, batch, resume, onFinished }: Start): void {
  const key = (lastKey += 1);
  const pace = new Pace();
  const transport = new HttpTransport(project, file, batch, (id) => void keep(project, id, file));
  const run = new UploadRun(transport, resume, (state, sentOfPiece) => {
    const sent = sentBytes(state, sentOfPiece, file.size);
    change(key, { state, ...(sent === null ? {} : { sent, rate: pace.at(sent, Date.now()) }) });
    if (state.kind === "finished") {
      forget(localStorage, state.batch);
      onFinished(state.batch);
    }
  });
  const upload: Upload = {
    key,
    project,
    filename: file.name,
    size: file.size,
    state: resume === null ? { kind: "creating" } : { kind: "locating", batch: resume, failures: 0 },
    sent: 0,
    rate: null,
    pause: () => run.pause(),
    resume: () => {
      pace.restart();
      void run.resume();
    },
  };
  publish([...uploads, upload]);
  void run.run();
}

async function keep(project: number, batch: number, file: File): Promise<void> {
  const mark = await fingerprint(file);
  remember(localStorage, {
    batch,
    project,
    filename: file.name,
    size: file.size,
    fingerprint: mark,
  });
}

function sentBytes(state: UploadState, sentOfPiece: number, size: number): number | null {
  if (state.kind === "sending") return state.offset + sentOfPiece;
  return state.kind === "finished" ? size : null;
}

export function anyBusy(all: readonly Upload[]): boolean {
  return all.some((upload) => isBusy(upload.state));
}

/** The mean rate since it (re)started. */
class Pace {
  private from: { sent: number; at: number } | null = null;

  at(sent: number, now: number): number | null {
    this.from ??= { sent, at: now };
    const seconds = (now - this.from.at) / 1000;
    return seconds < 1 ? null : (sent - this.from.sent) / seconds;
  }

  restart(): void {
    this.from = null;
  }
}
