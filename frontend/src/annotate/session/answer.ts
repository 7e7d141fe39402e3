/** Answering the item on the desk: an action's change, going on, sending. Pure. */

import { answersAfter, withoutCursors } from "@/questions/changes";
import type { Answers, Change, Question } from "@/questions/kind";
import { kindOf } from "@/questions/registry";
import {
  focusedStep,
  hereOf,
  indexOfStep,
  isStepDone,
  nextOpen,
  sendable,
  sendsByItself,
  stepsOf,
  unanswered,
} from "@/questions/steps";

import { record } from "./activity";
import { leave } from "./opening";
import {
  type ActEvent,
  type EarlyPress,
  type Effect,
  hasChanged,
  type OpenItem,
  type Session,
  type Stepped,
  stepped,
} from "./state";

/** How many changes within an item undo goes back. */
const PAST_KEPT = 50;

export function act(session: Session, open: OpenItem, event: ActEvent, at: number): Stepped {
  const question = event.question
    ? open.questions.find(({ id }) => id === event.question)
    : focusedStep(open)?.question;
  if (!question || (event.kind ?? question.type) !== question.type) return stepped(session);
  const { pixels = {} } = event;
  const here = { ...hereOf(open, question, event.letter), pixels };
  const change = kindOf(question).step(here, event.action);
  if (!change) return stepped(session);
  if (change.answer !== undefined && !open.armed) return kept(session, open, event, at);
  const item = withCursor(change.keepsFocus ? open : focusedOn(open, event), question, change);
  if (change.answer === undefined) return stepped({ ...session, open: item });
  return given(session, item, answersAfter(open, question, change), change, at);
}

/** Nothing is judged before it can be seen: the press waits for the item to be armed. */
function kept(session: Session, open: OpenItem, event: EarlyPress["event"], at: number): Stepped {
  return stepped({ ...session, open: { ...open, early: [...open.early, { event, at }] } });
}

/** The item is on screen since `paintedAt`: what was pressed since is taken, in its order. */
export function armed(session: Session, open: OpenItem, paintedAt: number): Stepped {
  const due = open.early.filter(({ at }) => at >= paintedAt);
  return due.reduce<Stepped>(
    ({ session: now, effects }, { event, at }) => {
      // The press before may have sent the item.
      if (now.open?.assignment.id !== open.assignment.id) return { session: now, effects };
      const next =
        event.type === "act" ? act(now, now.open, event, at) : confirm(now, now.open, at);
      return stepped(next.session, [...effects, ...next.effects]);
    },
    stepped({ ...session, open: { ...open, armed: true, early: [] } }),
  );
}

function focusedOn(open: OpenItem, { question, letter }: ActEvent): OpenItem {
  if (question === undefined) return open;
  return { ...withoutCursors(open, "moved"), focus: indexOfStep(open, question, letter) };
}

function withCursor(
  item: OpenItem,
  { type }: Question,
  { cursor }: Change<unknown, unknown>,
): OpenItem {
  return cursor === undefined ? item : { ...item, cursors: { ...item.cursors, [type]: cursor } };
}

/**
 * Takes the new answers. Where the step is answered in full, the focus moves on, and after the last
 * one the item is sent, if it consists of single presses alone.
 */
function given(
  session: Session,
  open: OpenItem,
  answers: Answers,
  { completes, continues }: Change<unknown, unknown>,
  at: number,
): Stepped {
  if (continues) return drafted(session, { ...open, answers });
  const item: OpenItem = {
    ...open,
    answers,
    past: [...open.past, open.answers].slice(-PAST_KEPT),
    activity: record(open.activity, "input", at),
  };
  const quiet = { ...session, notice: null };
  if (!completes) return drafted(quiet, item);
  const next = nextOpen(item);
  if (next === null && sendsByItself(item.questions) && !item.before) return submit(quiet, item, at);
  // In a revision everything is answered: the eye goes down the list.
  const focus = next ?? Math.min(item.focus + 1, stepsOf(item).length - 1);
  return drafted(quiet, { ...item, focus });
}

function drafted(session: Session, item: OpenItem): Stepped {
  return stepped({ ...session, open: item }, [{ type: "save_draft", item }]);
}

/** Enter: goes on to the next open question, and after the last one sends. */
export function confirm(session: Session, open: OpenItem, at: number): Stepped {
  if (!open.armed) return kept(session, open, { type: "confirm" }, at);
  const here = focusedStep(open);
  const action = here && kindOf(here.question).confirm?.(hereOf(open, here.question));
  if (action) return act(session, open, { type: "act", action }, at);
  if (here?.question.required && !isStepDone(open, here)) {
    return stepped({ ...session, notice: { what: "needs_answer", question: here.question.id } });
  }
  const next = nextOpen(open);
  if (next === null) return submit(session, open, at);
  return stepped({ ...session, notice: null, open: { ...withoutCursors(open, "moved"), focus: next } });
}

function submit(session: Session, open: OpenItem, at: number): Stepped {
  const { id } = open.assignment;
  const still = unanswered(open);
  if (still.length > 0) {
    const questions = still.map((question) => question.id);
    return stepped({ ...session, notice: { what: "still_open", questions } });
  }
  const sent: Effect = { type: "submit", item: open, answers: sendable(open), at };
  if (open.before) return leave(session, hasChanged(open) ? [sent] : [{ type: "drop_draft", id }]);
  const done = [...session.done.filter((other) => other !== id), id];
  return stepped({ ...session, done, open: null, notice: null }, [sent, { type: "take" }]);
}
