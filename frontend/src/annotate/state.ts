/** What the desk knows: its state, what can happen to it, and what it may ask to be done. */

import type { Answers, Assignment, Letter, Question, ReleaseReason } from "@/api/types";
import type { ImagePoint } from "@/image/geometry";

import type { Activity } from "./activity";
import * as edit from "./answers";
import { type Step, stepsOf } from "./steps";

/** A mark by its question, image and place in that image's list. */
export interface MarkRef {
  readonly question: string;
  readonly letter: Letter;
  readonly index: number;
}

/** The item on the desk, with all that has been said and done about it. */
export interface OpenItem {
  readonly assignment: Assignment;
  /** The idempotency key, minted when the item was opened; every try to send uses it. */
  readonly key: string;
  /** What was answered before, when the item is reopened to change that; else null. */
  readonly before: Answers | null;
  /** The images are decoded and on screen: answers count from here. */
  readonly armed: boolean;
  readonly answers: Answers;
  /** Earlier answers, newest last: what undo goes back to. */
  readonly past: readonly Answers[];
  /** Which step the keys are about. */
  readonly focus: number;
  readonly selected: MarkRef | null;
  readonly crosshair: { readonly letter: Letter; readonly at: ImagePoint } | null;
  /** Which of the prompt's words the keys are about. */
  readonly word: number;
  /** The next image ranked is level with the last one. */
  readonly tying: boolean;
  readonly zoomed: boolean;
  readonly activity: Activity;
}

export type Dialog = "help" | "skip" | "recent";

export type Notice =
  | { readonly what: "needs_answer"; readonly question: string }
  | { readonly what: "still_open"; readonly questions: readonly string[] }
  | { readonly what: "nothing_to_undo" }
  | { readonly what: "too_late_to_change" }
  | { readonly what: "lease_lapsed" }
  | { readonly what: "late" }
  | { readonly what: "skip_failed"; readonly code: string };

export interface Session {
  readonly questions: readonly Question[];
  readonly open: OpenItem | null;
  /** What was on the desk when an earlier answer was reopened. */
  readonly parked: OpenItem | null;
  /** Assignments answered here, newest last: what undo can reopen. */
  readonly done: readonly string[];
  readonly notice: Notice | null;
  readonly dialog: Dialog | null;
  readonly guideline: boolean;
  /** Held keys: the pixel-exact loupe, and the flicker between two images. */
  readonly peeking: boolean;
  readonly flickering: boolean;
}

/** What a reload keeps of an open item. */
export interface Draft {
  readonly key: string;
  readonly answers: Answers;
  readonly focus: number;
  readonly activity: Activity;
}

export type DeskEvent =
  | { type: "opened"; assignment: Assignment; key: string; draft: Draft | null }
  | { type: "reopened"; assignment: Assignment; key: string; answers: Answers; draft: Draft | null }
  | { type: "remembered"; done: readonly string[] }
  | { type: "armed"; id: string }
  | { type: "lapsed"; id: string }
  | { type: "noticed"; notice: Notice | null }
  | { type: "input" }
  | { type: "visibility"; visible: boolean }
  | { type: "zoomed" }
  | { type: "prefer"; choice: "left" | "right" | "tie" | "both_bad" | "unsure" }
  | { type: "pick"; place: number }
  | { type: "rate"; value: number }
  | { type: "rank"; place: number }
  | { type: "tie_next" }
  | { type: "flag"; index: number }
  | { type: "word"; index: number }
  | { type: "word_move"; by: number }
  | { type: "none" }
  | { type: "comment"; text: string }
  | { type: "mark"; letter: Letter; at: ImagePoint }
  | { type: "mark_select"; mark: MarkRef | null }
  | { type: "mark_cycle"; by: 1 | -1 }
  | { type: "mark_move"; mark: MarkRef; to: ImagePoint; first: boolean }
  | { type: "mark_drop"; mark: MarkRef }
  | { type: "mark_remove" }
  | { type: "arrow"; dx: number; dy: number; far: boolean }
  | { type: "crosshair" }
  | { type: "focus"; index: number }
  | { type: "focus_question"; question: string }
  | { type: "focus_move"; by: 1 | -1 }
  | { type: "confirm" }
  | { type: "undo" }
  | { type: "reopen"; id: string }
  | { type: "cancel" }
  | { type: "skip"; reason: ReleaseReason }
  | { type: "dialog"; dialog: Dialog | null }
  | { type: "guideline" }
  | { type: "peek"; held: boolean }
  | { type: "flicker"; held: boolean };

export type Effect =
  | { type: "submit"; item: OpenItem; answers: Answers; at: number }
  | { type: "release"; id: string; reason: ReleaseReason }
  | { type: "reopen"; id: string }
  | { type: "save_draft"; item: OpenItem }
  | { type: "drop_draft"; id: string }
  | { type: "take" };

export function begin(questions: readonly Question[]): Session {
  return {
    questions: [...questions].sort((a, b) => a.position - b.position),
    open: null,
    parked: null,
    done: [],
    notice: null,
    dialog: null,
    guideline: false,
    peeking: false,
    flickering: false,
  };
}

export function stepsFor(session: Session, item: OpenItem): readonly Step[] {
  return stepsOf(session.questions, item.assignment.shown.order, item.answers);
}

export function focusedStep(session: Session): Step | null {
  const { open } = session;
  return open ? (stepsFor(session, open)[open.focus] ?? null) : null;
}

export function isReady(session: Session, item: OpenItem): boolean {
  return edit.missing(session.questions, item.assignment.item, item.answers).length === 0;
}

/** Whether a reopened item now says something else than before. */
export function hasChanged(item: OpenItem): boolean {
  return JSON.stringify(item.answers) !== JSON.stringify(item.before);
}

export function firstOf(session: Session, type: Question["type"]): Question | null {
  return session.questions.find((question) => question.type === type) ?? null;
}

/** The marks question that the keys are about: the focused one, else the first. */
export function activeMarks(session: Session): Question | null {
  const here = focusedStep(session)?.question;
  return here?.type === "marks" ? here : firstOf(session, "marks");
}
