import { type ReactNode, useCallback, useMemo, useState, useSyncExternalStore } from "react";

import { ApiError } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { CommandTable } from "@/ui/desk/CommandTable";
import { Frame } from "@/ui/desk/Frame";
import { remapped } from "@/ui/desk/keymap";
import { useCommands } from "@/ui/desk/useCommands";

import { DeskContext } from "./context";
import type { Desk } from "./desk/desk";
import { DeskDialogs } from "./dialogs/DeskDialogs";
import { BreakNote } from "./learning/BreakNote";
import { GuidelineChange } from "./learning/GuidelineChange";
import { useGuideline } from "./learning/useGuideline";
import { useKeymap } from "./learning/useKeymap";
import { NoItem } from "./NoItem";
import { DeskGuideline } from "./panel/DeskGuideline";
import { SavedLight } from "./SavedLight";
import type { Me, Project } from "./server";
import { commandsFor } from "./session/commands";
import type { DeskEvent } from "./session/state";
import type { LookEvent } from "./stage/commands";
import { Looking } from "./stage/looking";
import { TopBar } from "./TopBar";
import { Work } from "./Work";

export function DeskPage({
  desk,
  project,
  me,
  language,
}: {
  desk: Desk;
  project: Project;
  me: Me;
  language: ReactNode;
}) {
  const session = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const queue = useSyncExternalStore(desk.queue.subscribe, desk.queue.snapshot);
  const outbox = useSyncExternalStore(desk.outbox.subscribe, desk.outbox.snapshot);
  const { open } = session;
  const text = useQuestionText(project.template, open?.assignment.shown.order.length ?? 2);
  const keymap = useKeymap();
  const guideline = useGuideline(project.id, project.guideline);
  // Nobody is torn out of an answer that they have begun.
  const between = !open || Object.keys(open.answers).length === 0;
  const reading = between && guideline.news !== null;
  const commands = useMemo(() => remapped(commandsFor(session), keymap), [session, keymap]);
  // Behind a dialog the buttons keep their key caps.
  const drawn = useMemo(
    () => remapped(commandsFor({ ...session, dialog: null }), keymap),
    [session, keymap],
  );
  const claimsRefused = queue.error instanceof ApiError && queue.error.status === 401;
  const signedOut = outbox.failure === "signed_out" || claimsRefused;
  const otherUser = outbox.failure === "other_user";
  const [looking] = useState(() => new Looking());
  const dispatch = useDispatch(desk, looking);
  useCommands(commands, { run: dispatch, resting: signedOut || otherUser || reading });

  return (
    <DeskContext value={{ session, dispatch, looking, text }}>
      <CommandTable commands={drawn}>
        <Frame
          bar={
            <TopBar
              project={project.name}
              today={queue.doneToday}
              ahead={desk.queue.ahead()}
              more={queue.remainingIsCapped}
              language={language}
              light={
                <SavedLight
                  outbox={outbox}
                  project={project.id}
                  number={queue.doneToday - outbox.waiting.length}
                  onOpen={() => desk.dispatch({ type: "dialog", dialog: "recent" })}
                />
              }
            />
          }
          dialogs={
            <>
              {reading && <GuidelineChange guideline={guideline} />}
              <DeskDialogs
                desk={desk}
                project={project}
                me={me}
                signIn={otherUser ? "other_user" : signedOut ? "signed_out" : null}
              />
            </>
          }
        >
          {open ? (
            <Work
              key={open.assignment.id}
              images={desk.queue.imagesOf(open.assignment.id)}
              onRetry={() => void desk.queue.fetchImages(open.assignment)}
            />
          ) : (
            <NoItem queue={queue} onLook={() => void desk.queue.topUp()} />
          )}
          {session.guideline && <DeskGuideline text={guideline.text} />}
          <BreakNote between={between} now={desk.now} />
        </Frame>
      </CommandTable>
    </DeskContext>
  );
}

/** Looking is no business of the session's; all else is. */
function useDispatch(desk: Desk, looking: Looking): (event: DeskEvent | LookEvent) => void {
  return useCallback(
    (event) => {
      if (event.type === "look") looking.do(event.action);
      else if (event.type === "act") desk.dispatch({ ...event, pixels: looking.pixels() });
      else if (event.type !== "cancel" || desk.snapshot().dialog || !looking.leave()) {
        desk.dispatch(event);
      }
    },
    [desk, looking],
  );
}
