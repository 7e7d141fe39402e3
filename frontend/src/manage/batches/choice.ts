/** What may be chosen for an upload; pure. */

export type Pairs = "none" | "all" | "ring" | "random";

const KINDS = /\.(zip|jsonl|csv|parquet|json|tar|tfrecord)$/i;

/** Why a file can't be uploaded, before a byte is sent; the server checks everything again. */
export function fileProblem(file: { name: string; size: number }): "wrong_kind" | "empty_file" | null {
  if (!KINDS.test(file.name)) return "wrong_kind";
  return file.size === 0 ? "empty_file" : null;
}

/** "portraits-2.zip" → "portraits-2", the name offered for the batch. */
export function nameFor(filename: string): string {
  return filename.replace(KINDS, "").slice(0, 200);
}

/** The server's word for how lines of single images become pairs. */
export function pairsParameter(pairs: Pairs, count: number): string | null {
  if (pairs === "none") return null;
  return pairs === "random" ? `random:${count}` : pairs;
}
