/** What the server sends and takes. Field names are its own (snake_case). */

export type Language = "en" | "zh-Hans";
export type Role = "annotator" | "reviewer" | "manager";
export type TemplateName = "mps" | "richhf" | "imagereward" | "entitydraw" | "custom";
export type Letter = string;
/** ISO 8601 with time zone. */
export type Instant = string;

export interface ProjectOfMine {
  id: number;
  name: string;
  template: TemplateName;
  roles: Role[];
}

export interface Me {
  id: number;
  username: string;
  display_name: string;
  language: Language;
  can_create_projects: boolean;
  projects: ProjectOfMine[];
}

export type QuestionType =
  | "preference"
  | "ranking"
  | "rating"
  | "marks"
  | "words"
  | "flags"
  | "pick"
  | "comment";

export interface QuestionOption {
  id: string;
  title: string;
}

export interface Question {
  /** The key used in answers. */
  id: string;
  type: QuestionType;
  title: string;
  help: string;
  required: boolean;
  position: number;
  scale: { min: number; max: number } | null;
  options: QuestionOption[];
  per_image: boolean;
  /** The id of a `pick` question whose image this one is about. */
  about?: string | null;
}

export interface Template {
  name: TemplateName;
  images: { min: number; max: number };
  questions: Question[];
}

export interface Project {
  id: number;
  name: string;
  template: TemplateName;
  questions: Question[];
  overlap: number;
  review_rate: number;
  guideline: string;
  lease_seconds: number;
  roles: Role[];
  items: number | null;
  settled: number | null;
  created_at: Instant;
}

export interface Person {
  id: number;
  username: string;
  display_name: string;
}

export interface Member {
  id: number;
  user: Person;
  role: Role;
  joined_at: Instant;
}

export interface Invitation {
  id: number;
  role: Role;
  expires_at: Instant;
  used_at: Instant | null;
  url?: string;
}

export interface InvitationWelcome {
  project: string;
  role: Role;
}

export interface Token {
  id: number;
  name: string;
  created_at: Instant;
  expires_at: Instant | null;
  last_used_at: Instant | null;
  token?: string;
}

export type JobState = "requested" | "running" | "done" | "failed";
export type BatchState = "uploading" | JobState;

export interface Progress {
  done: number;
  total: number;
}

export interface Problem {
  line: number | null;
  file: string;
  reason: string;
}

export interface Batch {
  id: number;
  project: number;
  name: string;
  filename: string;
  state: BatchState;
  error: string;
  progress: Progress;
  images: number;
  items: number;
  sampled: number;
  problems?: Problem[];
  problem_count: number;
  measured: { done: number; failed: number; total: number };
  created_at: Instant;
  created_by: Person | null;
}
