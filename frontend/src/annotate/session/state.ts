/** What the desk knows: its state, what can happen to it, and what it may ask to be done. */

import type {
  Answers,
  AskedItem,
  Assignment,
  Letter,
  Pixels,
  Question,
  QuestionType,
} from "@/questions/kind";
import type { ReleaseReason } from "@/annotate/server";

import type { Activity } from "./activity";

/** The item on the desk, with all that was answered and done about it. */
export interface OpenItem extends AskedItem {
  /** The idempotency key, minted when the item was opened; every try to send uses it. */
  readonly key: string;
  /** What was answered before, when the item is reopened to change that; else null. */
  readonly before: Answers | null;
  /** Earlier answers, newest last: what undo goes back to. */
  readonly past: readonly Answers[];
  readonly zoomed: boolean;
  readonly activity: Activity;
  /** What was pressed before the item was armed: it is taken if the images were painted by then. */
  readonly early: readonly EarlyPress[];
}

export interface EarlyPress {
  readonly event: ActEvent | { readonly type: "confirm" };
  readonly at: number;
}

export type DialogName = "help" | "skip" | "recent";

export type Notice =
  | { readonly what: "needs_answer"; readonly question: string }
  | { readonly what: "still_open"; readonly questions: readonly string[] }
  | { readonly what: "nothing_to_undo" }
  | { readonly what: "too_late_to_change" }
  | { readonly what: "lease_lapsed" }
  | { readonly what: "swapped" }
  | { readonly what: "late" }
  | { readonly what: "paused"; readonly note: string }
  | { readonly what: "skip_failed"; readonly code: string };

export interface Session {
  /** All that the project ever asked; each item has those of its version. */
  readonly questions: readonly Question[];
  readonly imageByImage: boolean;
  readonly open: OpenItem | null;
  /** What was on the desk when an earlier answer was reopened. */
  readonly parked: OpenItem | null;
  /** Assignments answered here, newest last: what undo can reopen. */
  readonly done: readonly string[];
  readonly notice: Notice | null;
  readonly dialog: DialogName | null;
  readonly guideline: boolean;
}

/** What a reload keeps of an open item. */
export interface Draft {
  readonly key: string;
  readonly answers: Answers;
  readonly focus: number;
  readonly activity: Activity;
}

/** About the desk, whether there is an item on it or not. */
export type SessionEvent =
  | { type: "opened"; assignment: Assignment; key: string; draft: Draft | null }
  | { type: "reopened"; assignment: Assignment; key: string; answers: Answers; draft: Draft | null }
  | { type: "remembered"; done: readonly string[] }
  | { type: "noticed"; notice: Notice | null }
  | { type: "dialog"; dialog: DialogName | null }
  | { type: "guideline" }
  | { type: "undo" }
  | { type: "reopen"; id: string }
  | { type: "cancel" };

/** About the item on the desk. */
export type ItemEvent =
  /** `paintedAt`: when the last of its images was on screen; left out: only now. */
  | { type: "armed"; id: string; paintedAt?: number }
  | { type: "lapsed"; id: string }
  | { type: "input" }
  | { type: "visibility"; visible: boolean }
  | { type: "zoomed" }
  | { type: "focus"; index: number }
  | { type: "focus_question"; question: string }
  | { type: "focus_move"; by: 1 | -1 }
  | ActEvent
  | { type: "confirm" }
  | { type: "skip"; reason: ReleaseReason };

/** An action of a question's kind. Without `question` it is for the step in focus. */
export interface ActEvent {
  type: "act";
  /** Nothing is done when the focus has gone to another kind meanwhile. */
  kind?: QuestionType;
  question?: string;
  letter?: Letter;
  action: unknown;
  /** How large a screen pixel is on the images, as they are seen now. */
  pixels?: Pixels;
}

export type DeskEvent = SessionEvent | ItemEvent;

export type Effect =
  | { type: "submit"; item: OpenItem; answers: Answers; at: number }
  | { type: "release"; id: string; reason: ReleaseReason }
  | { type: "reopen"; id: string }
  | { type: "save_draft"; item: OpenItem }
  | { type: "drop_draft"; id: string }
  /** The item is somebody else's by now. */
  | { type: "let_go"; id: string }
  | { type: "take" };

export interface Stepped {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

export function begin(questions: readonly Question[], imageByImage = false): Session {
  return {
    imageByImage,
    questions,
    open: null,
    parked: null,
    done: [],
    notice: null,
    dialog: null,
    guideline: false,
  };
}

export function stepped(session: Session, effects: readonly Effect[] = []): Stepped {
  return { session, effects };
}

/** Whether a reopened item now says something else than before. */
export function hasChanged(item: OpenItem): boolean {
  return JSON.stringify(item.answers) !== JSON.stringify(item.before);
}

