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

export interface ItemImage {
  id: string;
  letter: Letter;
  url: string;
  thumbnail_url: string;
  width: number;
  height: number;
}

export interface Item {
  id: string;
  prompt: string;
  tokens: string[];
  images: ItemImage[];
}

export type PreferenceChoice = "a" | "b" | "tie" | "both_bad" | "unsure";

/** Fractions of the image's width and height from its top left, 0..1. */
export interface Mark {
  x: number;
  y: number;
}

export type Answer =
  | { choice: string }
  | { marks: Record<Letter, Mark[]> }
  | { tokens: number[] }
  | { ratings: Record<Letter, number> }
  | { tiers: Letter[][] }
  | { flags: Record<Letter, string[]> }
  | { text: string };

export type Answers = Record<string, Answer>;

export interface Shown {
  /** Letters from left to right. */
  order: Letter[];
}

export interface Assignment {
  id: string;
  lease_expires_at: Instant | null;
  item: Item;
  shown: Shown;
}

export interface AssignmentWithAnswers extends Assignment {
  answers: Answers | null;
}

export type ClaimStatus = "work" | "all_reserved" | "none_for_you" | "done";

export interface Claims {
  assignments: Assignment[];
  status: ClaimStatus;
  next_free_at: Instant | null;
  done_today: number;
  remaining_for_you: number;
  remaining_is_capped: boolean;
}

export interface Heartbeat {
  held: string[];
  lease_expires_at: Instant | null;
}

export interface AnnotationView {
  viewport: { width: number; height: number };
  device_pixel_ratio: number;
  zoomed: boolean;
}

export interface AnnotationBody {
  answers: Answers;
  active_ms: number;
  view?: AnnotationView;
}

export interface Receipt {
  id: string;
  sha256: string;
  at: Instant;
  counted: boolean;
  revisable_until: Instant;
}

export interface MyAnnotation {
  assignment: string;
  at: Instant;
  revisable_until: Instant;
  thumbnail_urls: string[];
  prompt: string;
}

export type ReleaseReason = "skip" | "broken" | "offensive" | "other";

export type VerdictWord = "accept" | "reject";

export interface ReviewedAnnotation {
  id: string;
  annotator: string;
  answers: Answers;
  shown: Shown;
  active_ms: number | null;
  at: Instant;
  verdict: VerdictWord | null;
  reason: string;
}

export interface Review {
  id: number;
  held_until: Instant;
  item: Item;
  annotations: ReviewedAnnotation[];
}

export interface NextReview {
  review: Review | null;
  waiting: number;
  done: number;
  sampled: number;
}

export interface Verdicts {
  verdicts: Record<string, { verdict: VerdictWord; reason: string }>;
}

export interface ProgressReport {
  items: number;
  settled: number;
  slots: { open: number; claimed: number; submitted: number; accepted: number; rejected: number };
  reviews: { sampled: number; waiting: number; done: number; rejected: number };
  per_day: { date: string; annotations: number }[];
  annotators: {
    id: number;
    name: string;
    annotations: number;
    accepted: number;
    rejected: number;
    median_active_ms: number | null;
  }[];
  finish_estimate: Instant | null;
}

export interface AgreementReport {
  questions: {
    id: string;
    type: QuestionType;
    n: number;
    alpha: number | null;
    interval: [number, number] | null;
    undefined: string | null;
  }[];
}

export interface LeaderboardReport {
  dimensions: {
    question: string;
    generators: {
      generator: string;
      wins: number;
      losses: number;
      ties: number;
      win_rate: number | null;
      interval: [number, number] | null;
      n: number;
    }[];
  }[];
}
