/** What the server says about exports: what there can be, how one would look, what was made. */

import type { Schemas } from "./client";

type Instant = string;
type Person = Schemas["Person"];

export type OptionValue = number | string | boolean;
export type OptionValues = Record<string, OptionValue>;

export interface ExportOption {
  name: string;
  type: "number" | "choice" | "bool" | "text";
  default: OptionValue;
  choices?: string[];
  min?: number;
  max?: number;
  /** Numbers without a fraction only. */
  whole?: boolean;
  /** Of a text, as a whole; `rule` says it in words. */
  pattern?: string;
  rule?: string;
  help: string;
}

export interface ExportFormat {
  name: string;
  version: string;
  title: string;
  /** Who opens it, and with what. */
  use: string;
  fits: boolean;
  why_not: string;
  options: ExportOption[];
}

export interface ExportPreset {
  name: string;
  title: string;
  use: string;
  format: string;
  /** What differs from the format's defaults. */
  options: OptionValues;
  fits: boolean;
  why_not: string;
}

/** A format with options: what is asked for. */
export interface Wanted {
  format: string;
  options: OptionValues;
}

export interface SeenRow {
  output: string;
  row: unknown;
}

export interface SeenImage {
  id: string;
  sha256: string;
  generator: string;
  width: number;
  height: number;
  url: string;
  thumbnail_url: string;
}

/** A map or a mask, by its name in the export, as a small data URL. */
export interface Drawn {
  name: string;
  url: string;
}

export interface QuestionCount {
  question: string;
  kind: string;
  answered: number;
  decided: Record<string, number>;
  undecided: number | null;
}

/** Numbers by name, nested as the format likes. */
export type Counts = Record<string, unknown>;

export interface ExportPreview {
  rows: SeenRow[];
  drawn: Drawn[];
  images: SeenImage[];
  items: number;
  /** Of so many items are the rows and all that begins with `sample_`. */
  seen: number;
  sample_rows: number;
  sample_counts: Counts;
  sample_left_out: Counts;
  /** Of so many settled items `counts` speak. */
  counted: number;
  counts: QuestionCount[];
  not_settled: number;
  notes: string[];
}

export type ExportState = "requested" | "running" | "done" | "failed" | "cancelled" | "expired";
export type Stage = "spool" | "shards" | "assembly";

export interface ExportProgress {
  stage: Stage;
  done: number;
  total: number;
  shards_done: number;
  shards: number;
}

export interface ExportFile {
  name: string;
  bytes: number;
  sha256: string;
  url: string;
}

export interface Export {
  id: number;
  project: number;
  format: string;
  options: OptionValues;
  state: ExportState;
  error: string;
  progress: ExportProgress;
  rows: number | null;
  /** The first ones; in a list of exports none. */
  files: ExportFile[];
  file_count: number;
  total_bytes: number;
  archive_bytes: number;
  created_at: Instant;
  finished_at: Instant | null;
  /** Null: kept for good, or there are no files. */
  expires_at: Instant | null;
  created_by: Person | null;
}
