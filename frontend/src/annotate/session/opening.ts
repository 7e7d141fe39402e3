/** Items come onto the desk, are reopened, parked and left; changes are undone. Pure. */

import { withoutCursors } from "@/questions/changes";
import type { ReleaseReason } from "@/annotate/server";
import { askedBy } from "@/questions/asked";
import type { Answers, Assignment } from "@/questions/kind";
import { isStepDone, stepsOf } from "@/questions/steps";

import { record } from "./activity";
import {
  type Draft,
  type Effect,
  type OpenItem,
  type Session,
  type SessionEvent,
  type Stepped,
  stepped,
} from "./state";

type Event<Type> = Extract<SessionEvent, { type: Type }>;

export function opened(session: Session, event: Event<"opened">, at: number): Stepped {
  // That the item before it went away is still to be read.
  const notice = session.notice?.what === "swapped" ? session.notice : null;
  return stepped({ ...session, open: itemOf(session, event, null, at), notice });
}

export function reopened(session: Session, event: Event<"reopened">, at: number): Stepped {
  const { open } = session;
  // The item that was open waits; a revision that is left for another one doesn't.
  const parked = open && !open.before ? { ...open, armed: false, early: [] } : session.parked;
  const item = itemOf(session, event, event.answers, at);
  return stepped(
    { ...session, open: item, parked, notice: null },
    open?.before ? [{ type: "drop_draft", id: open.assignment.id }] : [],
  );
}

function itemOf(
  { questions, imageByImage }: Session,
  { assignment, key, draft }: { assignment: Assignment; key: string; draft: Draft | null },
  before: Answers | null,
  at: number,
): OpenItem {
  return {
    questions: askedBy(questions, assignment.asked),
    imageByImage,
    assignment,
    key: draft?.key ?? key,
    before,
    armed: false,
    answers: draft?.answers ?? before ?? {},
    past: [],
    focus: draft?.focus ?? 0,
    cursors: {},
    zoomed: false,
    activity: record(draft?.activity ?? [], "shown", at),
    early: [],
  };
}

/** Takes back the last change of the item; without one, asks for the last answered item. */
export function undo(session: Session): Stepped {
  const { open, done } = session;
  const before = open?.past.at(-1);
  if (open && before) {
    const past = open.past.slice(0, -1);
    const undone = withoutCursors({ ...open, answers: before, past }, "undone");
    const item = { ...undone, focus: firstChange(undone, open.answers) };
    return stepped({ ...session, open: item, notice: null }, [{ type: "save_draft", item }]);
  }
  const here = open?.before ? done.lastIndexOf(open.assignment.id) : done.length;
  const id = done[(here === -1 ? done.length : here) - 1];
  if (id === undefined) return stepped({ ...session, notice: { what: "nothing_to_undo" } });
  return stepped(session, [{ type: "reopen", id }]);
}

/** The first step on which two drafts differ: where an undo takes the eye. */
function firstChange(item: OpenItem, other: Answers): number {
  const steps = stepsOf(item);
  const then = { ...item, answers: other };
  const byStep = steps.findIndex((one) => isStepDone(item, one) !== isStepDone(then, one));
  if (byStep !== -1) return byStep;
  const byAnswer = steps.findIndex(
    ({ question: { id } }) => JSON.stringify(item.answers[id]) !== JSON.stringify(other[id]),
  );
  return byAnswer === -1 ? item.focus : byAnswer;
}

/** Escape: closes what is open last; a revision is left with the old answer as it was. */
export function cancel(session: Session): Stepped {
  const { open } = session;
  if (session.dialog) return stepped({ ...session, dialog: null });
  if (session.notice) return stepped({ ...session, notice: null });
  if (!open) return stepped(session);
  const freed = withoutCursors(open, "escaped");
  if (freed !== open) return stepped({ ...session, open: freed });
  if (!open.before) return stepped(session);
  return leave(session, [{ type: "drop_draft", id: open.assignment.id }]);
}

/** Back to what was parked, else on to the next item. */
export function leave(session: Session, effects: readonly Effect[]): Stepped {
  const next = { ...session, open: session.parked, parked: null, notice: null };
  return stepped(next, session.parked ? effects : [...effects, { type: "take" }]);
}

/**
 * The lease of the item is over. One that is begun stays: its answer may still find a place. An
 * untouched one gives way to the next, before work is put into what a colleague may have answered.
 */
export function lapsed(session: Session, open: OpenItem, id: string): Stepped {
  const letGo: readonly Effect[] = [{ type: "drop_draft", id }, { type: "let_go", id }];
  if (session.parked?.assignment.id === id && isUntouched(session.parked)) {
    return stepped({ ...session, parked: null }, letGo);
  }
  if (open.assignment.id !== id || open.before) return stepped(session);
  if (!isUntouched(open)) return stepped({ ...session, notice: { what: "lease_lapsed" } });
  const notice = { what: "swapped" } as const;
  return stepped({ ...session, open: null, notice }, [...letGo, { type: "take" }]);
}

function isUntouched({ answers, past }: OpenItem): boolean {
  return past.length === 0 && Object.keys(answers).length === 0;
}

export function skip(session: Session, open: OpenItem, reason: ReleaseReason): Stepped {
  if (open.before) return stepped({ ...session, dialog: null });
  const { id } = open.assignment;
  return stepped({ ...session, open: null, dialog: null, notice: null }, [
    { type: "drop_draft", id },
    { type: "release", id, reason },
    { type: "take" },
  ]);
}
