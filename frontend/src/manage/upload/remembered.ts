/**
 * What this browser remembers of an unfinished upload, so that after a reload the same file can go
 * on where it stopped. A browser may not reopen a file by itself: the person chooses it again.
 */

export interface Remembered {
  batch: number;
  project: number;
  filename: string;
  size: number;
  fingerprint: string;
}

export interface FileLike {
  name: string;
  size: number;
  slice(start: number, end: number): Blob;
}

const KEY = "triptych.uploads";
const SAMPLE_BYTES = 64 * 1024;

export function rememberedUploads(storage: Storage, project: number): Remembered[] {
  return readAll(storage).filter((entry) => entry.project === project);
}

export function remember(storage: Storage, entry: Remembered): void {
  const others = readAll(storage).filter((other) => other.batch !== entry.batch);
  storage.setItem(KEY, JSON.stringify([...others, entry]));
}

export function forget(storage: Storage, batch: number): void {
  storage.setItem(KEY, JSON.stringify(readAll(storage).filter((entry) => entry.batch !== batch)));
}

/** Why `file` cannot go on with the upload, or null when it can. */
export function mismatch(
  expected: { filename: string; size: number; fingerprint?: string | undefined },
  file: { name: string; size: number },
  fingerprint: string,
): "size" | "content" | "name" | null {
  if (file.size !== expected.size) return "size";
  if (expected.fingerprint !== undefined) {
    return fingerprint === expected.fingerprint ? null : "content";
  }
  return file.name === expected.filename ? null : "name";
}

/**
 * A quick mark of the first and last 64 KiB (FNV-1a, 32 bits each, hexadecimal). It catches a wrong
 * file chosen by mistake; it protects against nobody.
 */
export async function fingerprint(file: FileLike): Promise<string> {
  const head = file.slice(0, SAMPLE_BYTES);
  const tail = file.slice(Math.max(0, file.size - SAMPLE_BYTES), file.size);
  const parts = await Promise.all([head.arrayBuffer(), tail.arrayBuffer()]);
  return parts.map((part) => fnv1a(new Uint8Array(part))).join("-");
}

export function fnv1a(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

function readAll(storage: Storage): Remembered[] {
  try {
    const read: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(read) ? read.filter(isRemembered) : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Partial<Record<keyof Remembered, unknown>>;
  return typeof entry.batch === "number" && typeof entry.project === "number" &&
    typeof entry.filename === "string" && typeof entry.size === "number" &&
    typeof entry.fingerprint === "string";
}
