/** An item's history in one row: what was done to it, and what became of its places. */

import type { DetailedItem } from "./queries";

type Event = DetailedItem["history"][number];
type Action = DetailedItem["actions"][number];

export interface Line extends Pick<Event, "at" | "annotator" | "actor" | "reason"> {
  /** What was done: a verb of the audit, or the cause of a change of one place. */
  cause: string;
  /** null: the item as a whole. */
  slot: number | null;
  /** A place's state before and after; null: the item as a whole. */
  states: [Event["from_state"], Event["to_state"]] | null;
}

/** The newest first; what was done to the item stands above what became of its places by it. */
export function linesOf({ history, actions }: Pick<DetailedItem, "history" | "actions">): Line[] {
  const lines = [...history.map(ofPlace), ...actions.map(ofItem)];
  // The sort is stable, and events come before actions: reversed, an act stands on top.
  return lines.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)).reverse();
}

function ofPlace({ at, slot, cause, reason, annotator, actor, from_state, to_state }: Event): Line {
  return { at, slot, cause, reason, annotator, actor, states: [from_state, to_state] };
}

function ofItem({ at, verb, by, reason }: Action): Line {
  return { at, slot: null, cause: verb, reason, annotator: null, actor: by, states: null };
}
