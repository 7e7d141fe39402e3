import { useCallback, useRef, useState } from "react";

import type { Assignment } from "@/annotate/server";
import { begin, type DeskEvent, type Session } from "@/annotate/session/state";
import { step } from "@/annotate/session/step";
import type { Answers, Question } from "@/questions/kind";

export interface OneItem {
  readonly session: Session;
  readonly dispatch: (event: DeskEvent) => void;
}

/** The desk's own session over one item, without queue and outbox: its answers are the caller's. */
export function useOneItem(
  questions: readonly Question[],
  imageByImage: boolean,
  item: Assignment,
  onAnswered: (answers: Answers) => void,
): OneItem {
  const [session, setSession] = useState(() => opened(questions, imageByImage, item));
  // Presses come faster than the page is drawn: each goes on from what the one before made.
  const latest = useRef(session);
  const dispatch = useCallback(
    (event: DeskEvent) => {
      const before = reworded(latest.current, questions);
      const done = step(before, event, Date.now());
      const sent = done.effects.find(({ type }) => type === "submit");
      latest.current = sent ? before : done.session;
      setSession(latest.current);
      if (sent?.type === "submit") onAnswered(sent.answers);
    },
    [questions, onAnswered],
  );
  return { session: reworded(session, questions), dispatch };
}

function opened(
  questions: readonly Question[],
  imageByImage: boolean,
  assignment: Assignment,
): Session {
  const event = { type: "opened", assignment, key: "single", draft: null } as const;
  return step(begin(questions, imageByImage), event, Date.now()).session;
}

/** The same questions in other words, as they are written. */
function reworded(session: Session, questions: readonly Question[]): Session {
  const { open } = session;
  return { ...session, questions, open: open && { ...open, questions } };
}
