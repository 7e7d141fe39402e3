/**
 * The desk's one step: (state, event) → new state and effects.
 *
 * Pure. Nothing here knows the clock, the network or the page: time comes with the event, and what
 * has to be done is returned as effects for the desk to carry out. What an answer is, and which
 * action makes it, is the business of the questions' kinds.
 */

import { withoutCursors } from "@/questions/changes";
import { indexOfQuestion, stepsOf } from "@/questions/steps";

import { type Happening, record } from "./activity";
import { act, armed, confirm } from "./answer";
import { cancel, lapsed, opened, reopened, skip, undo } from "./opening";
import {
  type DeskEvent,
  type ItemEvent,
  type OpenItem,
  type Session,
  type Stepped,
  stepped,
} from "./state";

export function step(session: Session, event: DeskEvent, at: number): Stepped {
  switch (event.type) {
    case "opened":
      return opened(session, event, at);
    case "reopened":
      return reopened(session, event, at);
    case "remembered":
      return stepped({ ...session, done: [...new Set([...event.done, ...session.done])] });
    case "noticed":
      return stepped({ ...session, notice: event.notice });
    case "dialog":
      return stepped({ ...session, dialog: session.dialog === event.dialog ? null : event.dialog });
    case "guideline":
      return stepped({ ...session, guideline: !session.guideline });
    case "undo":
      return undo(session);
    case "reopen":
      return stepped({ ...session, dialog: null }, [{ type: "reopen", id: event.id }]);
    case "cancel":
      return cancel(session);
    default:
      return session.open ? onItem(session, session.open, event, at) : stepped(session);
  }
}

function onItem(session: Session, open: OpenItem, event: ItemEvent, at: number): Stepped {
  switch (event.type) {
    case "armed":
      return event.id === open.assignment.id
        ? armed(session, open, event.paintedAt ?? at)
        : stepped(session);
    case "lapsed":
      return lapsed(session, open, event.id);
    case "input":
      return stepped(recorded(session, open, "input", at));
    case "visibility":
      return stepped(recorded(session, open, event.visible ? "visible" : "hidden", at));
    case "zoomed":
      return stepped(looked(session));
    case "focus":
      return stepped(focusOn(session, open, event.index));
    case "focus_question":
      return stepped(focusOn(session, open, indexOfQuestion(open, event.question)));
    case "focus_move": {
      const count = stepsOf(open).length;
      return stepped(focusOn(session, open, (open.focus + event.by + count) % count));
    }
    case "act":
      return act(session, open, event, at);
    case "confirm":
      return confirm(session, open, at);
    case "skip":
      return skip(session, open, event.reason);
  }
}

/** Looked at more closely than as a whole. */
function looked(session: Session): Session {
  const { open } = session;
  return !open || open.zoomed ? session : { ...session, open: { ...open, zoomed: true } };
}

function recorded(session: Session, open: OpenItem, what: Happening, at: number): Session {
  const activity = record(open.activity, what, at);
  return activity === open.activity ? session : { ...session, open: { ...open, activity } };
}

function focusOn(session: Session, open: OpenItem, focus: number): Session {
  if (!stepsOf(open)[focus]) return session;
  return { ...session, notice: null, open: { ...withoutCursors(open, "moved"), focus } };
}
