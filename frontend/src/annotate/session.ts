/**
 * The desk's state and its one step: (state, event) → new state and effects.
 *
 * Pure. Nothing here knows the clock, the network or the page: time comes with the event, and what
 * has to be done is returned as effects for the desk to carry out.
 */

import type { Answers, Assignment, Letter, ReleaseReason } from "@/api/types";
import { imagePoint, type ImagePoint, ontoImage } from "@/image/geometry";

import { note } from "./activity";
import * as edit from "./answers";
import { cycled, middle, toMark, withMarkAt } from "./marking";
import {
  activeMarks,
  type DeskEvent,
  type Draft,
  type Effect,
  firstOf,
  hasChanged,
  type MarkRef,
  type OpenItem,
  type Session,
  stepsFor,
} from "./state";
import { isStepDone, nextOpen, sendsByItself, type Step } from "./steps";

export interface Stepped {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

/** How many changes within an item undo goes back. */
const PAST_KEPT = 50;
const NUDGE = 0.004;
const FAR = 10;
const CROSSHAIR_STEP = 0.01;

export function step(session: Session, event: DeskEvent, at: number): Stepped {
  switch (event.type) {
    case "opened":
      return still({ ...session, open: fresh(event, null, at), notice: null });
    case "reopened":
      return reopened(session, event, at);
    case "remembered":
      return still({ ...session, done: [...event.done, ...session.done] });
    case "noticed":
      return still({ ...session, notice: event.notice });
    case "dialog":
      return still({ ...session, dialog: session.dialog === event.dialog ? null : event.dialog });
    case "guideline":
      return still({ ...session, guideline: !session.guideline });
    case "peek":
      return still(withOpen({ ...session, peeking: event.held }, looked));
    case "flicker":
      return still({ ...session, flickering: event.held });
    case "undo":
      return undo(session);
    case "reopen":
      return { session: { ...session, dialog: null }, effects: [{ type: "reopen", id: event.id }] };
    case "cancel":
      return cancel(session);
    default:
      return session.open ? onItem(session, session.open, event, at) : still(session);
  }
}

/** Events about the open item. */
type ItemEvent = Exclude<
  DeskEvent,
  {
    type:
      | "opened"
      | "reopened"
      | "remembered"
      | "noticed"
      | "dialog"
      | "guideline"
      | "peek"
      | "flicker"
      | "undo"
      | "reopen"
      | "cancel";
  }
>;

function onItem(session: Session, open: OpenItem, event: ItemEvent, at: number): Stepped {
  switch (event.type) {
    case "armed":
      return still(event.id === open.assignment.id ? put(session, { ...open, armed: true }) : session);
    case "lapsed":
      return still(
        event.id === open.assignment.id && !open.before
          ? { ...session, notice: { what: "lease_lapsed" } }
          : session,
      );
    case "input":
      return still(noted(session, open, "input", at));
    case "visibility":
      return still(noted(session, open, event.visible ? "visible" : "hidden", at));
    case "zoomed":
      return still(open.zoomed ? session : put(session, { ...open, zoomed: true }));
    case "skip":
      return skip(session, open, event.reason);
    case "focus":
      return still(focusOn(session, open, event.index));
    case "focus_question":
      return still(focusOn(session, open, indexOfQuestion(session, open, event.question)));
    case "focus_move": {
      const count = stepsFor(session, open).length;
      return still(focusOn(session, open, (open.focus + event.by + count) % count));
    }
    case "word_move":
      return still(put(session, { ...open, word: moved(open.word, event.by, open) }));
    case "tie_next":
      return still(put(session, { ...open, tying: !open.tying }));
    case "mark_select":
      return still(
        put(session, {
          ...open,
          selected: event.mark,
          crosshair: null,
          focus: event.mark ? indexOfQuestion(session, open, event.mark.question) : open.focus,
        }),
      );
    case "mark_cycle":
      return still(put(session, { ...open, crosshair: null, selected: cycled(session, open, event.by) }));
    case "crosshair":
      return still(
        put(session, { ...open, selected: null, crosshair: open.crosshair ? null : middle(open) }),
      );
    case "confirm":
      return confirm(session, open, at);
    default:
      // Nothing is judged before it can be seen.
      return open.armed ? answer(session, open, event, at) : still(session);
  }
}

type AnswerEvent = Extract<
  ItemEvent,
  {
    type:
      | "prefer"
      | "pick"
      | "rate"
      | "rank"
      | "flag"
      | "word"
      | "none"
      | "comment"
      | "mark"
      | "mark_move"
      | "mark_drop"
      | "mark_remove"
      | "arrow";
  }
>;

function answer(session: Session, open: OpenItem, event: AnswerEvent, at: number): Stepped {
  const here = stepsFor(session, open)[open.focus];
  if (!here) return still(session);
  const { question, letter } = here;
  const { answers } = open;
  const shown = open.assignment.shown.order;
  const letters = open.assignment.item.images.map((image) => image.letter);

  switch (event.type) {
    case "prefer": {
      if (question.type !== "preference") return still(session);
      const side = { left: shown[0], right: shown[1] };
      const choice =
        event.choice === "left" || event.choice === "right" ? side[event.choice] : event.choice;
      if (choice === undefined) return still(session);
      return given(session, open, edit.choose(answers, question.id, choice), at, "go on");
    }
    case "pick": {
      const picked = shown[event.place];
      if (question.type !== "pick" || picked === undefined) return still(session);
      const kept =
        edit.choiceOf(answers, question.id) === picked
          ? answers
          : session.questions
              .filter((other) => other.about === question.id)
              .reduce((rest, other) => edit.without(rest, other.id), answers);
      return given(session, open, edit.choose(kept, question.id, picked), at, "go on");
    }
    case "rate": {
      if (question.type !== "rating" || letter === null) return still(session);
      const { min, max } = question.scale ?? { min: 1, max: 5 };
      if (event.value < min || event.value > max) return still(session);
      return given(session, open, edit.rate(answers, question.id, letter, event.value), at, "go on");
    }
    case "rank": {
      const ranked = shown[event.place];
      if (question.type !== "ranking" || ranked === undefined) return still(session);
      const next = edit.rank(answers, question.id, ranked, open.tying);
      return given(session, { ...open, tying: false }, next, at);
    }
    case "flag": {
      const flag = question.options[event.index];
      if (question.type !== "flags" || letter === null || !flag) return still(session);
      return given(session, open, edit.toggleFlag(answers, question.id, letter, flag.id), at);
    }
    case "word": {
      const words = question.type === "words" ? question : firstOf(session, "words");
      if (!words || event.index >= open.assignment.item.tokens.length) return still(session);
      const focus = indexOfQuestion(session, open, words.id);
      const next = edit.toggleToken(answers, words.id, event.index);
      return given(session, { ...open, focus, word: event.index }, next, at);
    }
    case "none":
      return none(session, open, here, at);
    case "comment":
      if (question.type !== "comment") return still(session);
      return drafted(session, { ...open, answers: edit.write(answers, question.id, event.text) });
    case "mark":
      if (!letters.includes(event.letter)) return still(session);
      return addMark(session, open, event.letter, event.at, at);
    case "mark_move": {
      const next = withMarkAt(answers, event.mark, event.to);
      // A drag is one change: undo takes the mark back to where it was picked up.
      return event.first
        ? given(session, open, next, at)
        : drafted(session, { ...open, answers: next });
    }
    case "mark_drop":
      return dropMark(session, open, event.mark, at);
    case "mark_remove":
      return open.selected ? dropMark(session, open, open.selected, at) : still(session);
    case "arrow":
      return arrow(session, open, event, at);
  }
}

/* --- opening, parking, undoing --------------------------------------------------------------- */

function fresh(
  event: { assignment: Assignment; key: string; draft: Draft | null },
  before: Answers | null,
  at: number,
): OpenItem {
  const { assignment, key, draft } = event;
  return {
    assignment,
    key: draft?.key ?? key,
    before,
    armed: false,
    answers: draft?.answers ?? before ?? {},
    past: [],
    focus: draft?.focus ?? 0,
    selected: null,
    crosshair: null,
    word: 0,
    tying: false,
    zoomed: false,
    activity: note(draft?.activity ?? [], "shown", at),
  };
}

function reopened(
  session: Session,
  event: Extract<DeskEvent, { type: "reopened" }>,
  at: number,
): Stepped {
  const { open } = session;
  // The item in hand waits; a revision that is left for another one doesn't.
  const parked = open && !open.before ? { ...open, armed: false } : session.parked;
  const item = fresh(event, event.answers, at);
  return still(
    { ...session, open: item, parked, notice: null },
    open?.before ? [{ type: "drop_draft", id: open.assignment.id }] : [],
  );
}

function undo(session: Session): Stepped {
  const { open, done } = session;
  const before = open?.past.at(-1);
  if (open && before) {
    const item = { ...open, answers: before, past: open.past.slice(0, -1), selected: null };
    const focus = firstChange(session, item, open.answers);
    const undone = { ...item, focus };
    return still(put({ ...session, notice: null }, undone), [{ type: "save_draft", item: undone }]);
  }
  const here = open?.before ? done.lastIndexOf(open.assignment.id) : done.length;
  const id = done[(here === -1 ? done.length : here) - 1];
  if (id === undefined) return still({ ...session, notice: { what: "nothing_to_undo" } });
  return still(session, [{ type: "reopen", id }]);
}

/** The first step on which two drafts differ: where an undo takes the eye. */
function firstChange(session: Session, item: OpenItem, other: Answers): number {
  const steps = stepsFor(session, item);
  const images = item.assignment.item;
  const byStep = steps.findIndex(
    (one) =>
      isStepDone(one, images, item.answers) !== isStepDone(one, images, other),
  );
  if (byStep !== -1) return byStep;
  const byAnswer = steps.findIndex(
    ({ question: { id } }) => JSON.stringify(item.answers[id]) !== JSON.stringify(other[id]),
  );
  return byAnswer === -1 ? item.focus : byAnswer;
}

function cancel(session: Session): Stepped {
  const { open } = session;
  if (session.dialog) return still({ ...session, dialog: null });
  if (session.notice) return still({ ...session, notice: null });
  if (open?.crosshair ?? open?.selected) {
    return still(withOpen(session, (item) => ({ ...item, crosshair: null, selected: null })));
  }
  if (!open?.before) return still(session);
  return leave(session, [{ type: "drop_draft", id: open.assignment.id }]);
}

/** Back to what was parked, else on to the next item. */
function leave(session: Session, effects: readonly Effect[]): Stepped {
  const next = { ...session, open: session.parked, parked: null, notice: null };
  return still(next, session.parked ? effects : [...effects, { type: "take" }]);
}

function skip(session: Session, open: OpenItem, reason: ReleaseReason): Stepped {
  if (open.before) return still({ ...session, dialog: null });
  const { id } = open.assignment;
  return still({ ...session, open: null, dialog: null, notice: null }, [
    { type: "drop_draft", id },
    { type: "release", id, reason },
    { type: "take" },
  ]);
}

/* --- answering ------------------------------------------------------------------------------- */

/**
 * Takes the new answers. "go on": this press answers the step in full, so the focus moves on, and
 * after the last one the item is sent, where it consists of such presses alone.
 */
function given(
  session: Session,
  open: OpenItem,
  answers: Answers,
  at: number,
  then: "stay" | "go on" = "stay",
): Stepped {
  const item: OpenItem = {
    ...open,
    answers,
    past: [...open.past, open.answers].slice(-PAST_KEPT),
    activity: note(open.activity, "input", at),
  };
  const quiet = { ...session, notice: null };
  if (then === "stay") return still(put(quiet, item), [{ type: "save_draft", item }]);
  const steps = stepsFor(session, item);
  const next = nextOpen(steps, item.focus, item.assignment.item, answers);
  if (next === null && sendsByItself(session.questions) && !item.before) {
    return submit(quiet, item, at);
  }
  // In a revision everything is answered: the eye goes down the list.
  const focus = next ?? Math.min(item.focus + 1, steps.length - 1);
  const on = { ...item, focus };
  return still(put(quiet, on), [{ type: "save_draft", item: on }]);
}

function none(session: Session, open: OpenItem, { question, letter }: Step, at: number): Stepped {
  const letters = open.assignment.item.images.map((image) => image.letter);
  switch (question.type) {
    case "marks": {
      const next = edit.noMarks(open.answers, question.id, letters);
      return given(session, { ...open, selected: null, crosshair: null }, next, at, "go on");
    }
    case "words":
      return given(session, open, edit.noTokens(open.answers, question.id), at, "go on");
    case "flags":
      if (letter === null) return still(session);
      return given(session, open, edit.setFlags(open.answers, question.id, letter, []), at, "go on");
    default:
      return still(session);
  }
}

function confirm(session: Session, open: OpenItem, at: number): Stepped {
  if (!open.armed) return still(session);
  const here = stepsFor(session, open)[open.focus];
  if (open.crosshair && here?.question.type === "marks") {
    return addMark(session, open, open.crosshair.letter, open.crosshair.at, at, true);
  }
  const item = open.assignment.item;
  if (here?.question.required && !isStepDone(here, item, open.answers)) {
    return still({ ...session, notice: { what: "needs_answer", question: here.question.id } });
  }
  const next = nextOpen(stepsFor(session, open), open.focus, item, open.answers);
  if (next !== null) return still(focusOn({ ...session, notice: null }, open, next));
  return submit(session, open, at);
}

function submit(session: Session, open: OpenItem, at: number): Stepped {
  const { id, item } = open.assignment;
  const open_ = edit.missing(session.questions, item, open.answers);
  if (open_.length > 0) {
    const questions = open_.map((question) => question.id);
    return still({ ...session, notice: { what: "still_open", questions } });
  }
  const answers = edit.sendable(session.questions, item, open.answers);
  const sent: Effect = { type: "submit", item: open, answers, at };
  if (open.before) {
    return leave(session, hasChanged(open) ? [sent] : [{ type: "drop_draft", id }]);
  }
  const done = [...session.done.filter((other) => other !== id), id];
  return still({ ...session, done, open: null, notice: null }, [sent, { type: "take" }]);
}

/* --- marks ----------------------------------------------------------------------------------- */

function addMark(
  session: Session,
  open: OpenItem,
  letter: Letter,
  where: ImagePoint,
  at: number,
  byCrosshair = false,
): Stepped {
  const question = activeMarks(session);
  if (!question) return still(session);
  const marks = [...(edit.marksOf(open.answers, question.id)[letter] ?? []), toMark(where)];
  const item: OpenItem = {
    ...open,
    focus: indexOfQuestion(session, open, question.id),
    selected: { question: question.id, letter, index: marks.length - 1 },
    crosshair: byCrosshair ? open.crosshair : null,
  };
  return given(session, item, edit.setMarks(open.answers, question.id, letter, marks), at);
}

function dropMark(session: Session, open: OpenItem, mark: MarkRef, at: number): Stepped {
  const marks = edit.marksOf(open.answers, mark.question)[mark.letter] ?? [];
  if (!marks[mark.index]) return still(session);
  const left = marks.filter((_, index) => index !== mark.index);
  // The last mark gone means "not said yet", not "no flaw": that is said by its own key.
  const next = edit.setMarks(
    open.answers,
    mark.question,
    mark.letter,
    left.length > 0 ? left : null,
  );
  const selected = left.length > 0 ? { ...mark, index: left.length - 1 } : null;
  return given(session, { ...open, selected }, next, at);
}

function arrow(
  session: Session,
  open: OpenItem,
  { dx, dy, far }: { dx: number; dy: number; far: boolean },
  at: number,
): Stepped {
  if (open.selected && !open.crosshair) {
    const { question, letter, index } = open.selected;
    const mark = edit.marksOf(open.answers, question)[letter]?.[index];
    if (!mark) return still(session);
    const by = far ? NUDGE * FAR : NUDGE;
    const to = imagePoint(mark.x + dx * by, mark.y + dy * by);
    return given(session, open, withMarkAt(open.answers, open.selected, to), at);
  }
  const crosshair = open.crosshair ?? middle(open);
  if (!crosshair) return still(session);
  const by = far ? CROSSHAIR_STEP * FAR : CROSSHAIR_STEP;
  const to = open.crosshair
    ? ontoImage(imagePoint(crosshair.at.x + dx * by, crosshair.at.y + dy * by))
    : crosshair.at;
  return still(put(session, { ...open, crosshair: { ...crosshair, at: to } }));
}

/* --- small things ---------------------------------------------------------------------------- */

function drafted(session: Session, item: OpenItem): Stepped {
  return still(put(session, item), [{ type: "save_draft", item }]);
}

function still(session: Session, effects: readonly Effect[] = []): Stepped {
  return { session, effects };
}

function put(session: Session, open: OpenItem): Session {
  return { ...session, open };
}

function withOpen(session: Session, change: (open: OpenItem) => OpenItem): Session {
  return session.open ? put(session, change(session.open)) : session;
}

function looked(open: OpenItem): OpenItem {
  return open.zoomed ? open : { ...open, zoomed: true };
}

function noted(
  session: Session,
  open: OpenItem,
  what: "input" | "hidden" | "visible",
  at: number,
): Session {
  const activity = note(open.activity, what, at);
  return activity === open.activity ? session : put(session, { ...open, activity });
}

function focusOn(session: Session, open: OpenItem, index: number): Session {
  const steps = stepsFor(session, open);
  if (!steps[index]) return session;
  return put({ ...session, notice: null }, { ...open, focus: index, crosshair: null });
}

function indexOfQuestion(session: Session, open: OpenItem, id: string): number {
  const steps = stepsFor(session, open);
  const first = steps.findIndex((one) => one.question.id === id);
  const openOne = steps.findIndex(
    (one) =>
      one.question.id === id && !isStepDone(one, open.assignment.item, open.answers),
  );
  return Math.max(0, openOne === -1 ? first : openOne);
}

function moved(word: number, by: number, open: OpenItem): number {
  const count = open.assignment.item.tokens.length;
  return count === 0 ? 0 : (word + by + count) % count;
}
