import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError } from "@/api/client";
import { projectQuery } from "@/api/queries";
import { type QuestionText, useQuestionText } from "@/i18n/questionText";
import { everAsked } from "@/questions/asked";
import { CommandTable } from "@/ui/desk/CommandTable";
import { Waiting } from "@/ui/desk/Empty";
import { Frame } from "@/ui/desk/Frame";
import { remapped } from "@/ui/desk/keymap";
import { useCommands } from "@/ui/desk/useCommands";

import { DeskContext } from "./context";
import type { Desk } from "./desk/desk";
import { AnsweredElsewhere, DeskDialogs, DeskGuideline, GuidelineChange, useLater } from "./later";
import { BreakNote } from "./learning/BreakNote";
import notes from "./learning/notes.module.css";
import { SetNote } from "./learning/SetNote";
import { useGuideline } from "./learning/useGuideline";
import { useKeymap } from "./learning/useKeymap";
import { NoItem } from "./NoItem";
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
  const app = useTranslation("app").t;
  const session = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const queue = useSyncExternalStore(desk.queue.subscribe, desk.queue.snapshot);
  const outbox = useSyncExternalStore(desk.outbox.subscribe, desk.outbox.snapshot);
  const { open } = session;
  const text = useQuestionText(project.template, open?.assignment.shown.order.length ?? 2);
  const keymap = useKeymap();
  const guideline = useGuideline(project.id, project.guideline);
  // Nobody is torn out of an answer that they have begun.
  const between = !open || Object.keys(open.answers).length === 0;
  const outdated = useOutdated(project, open?.assignment.asked ?? 0);
  const reading = between && guideline.news !== null;
  const clash = between ? outbox.clashes.find((one) => one.project === project.id) : undefined;
  const commands = useMemo(() => remapped(commandsFor(session), keymap), [session, keymap]);
  // Behind a dialog the buttons keep their key caps.
  const drawn = useMemo(
    () => remapped(commandsFor({ ...session, dialog: null }), keymap),
    [session, keymap],
  );
  const claimsRefused = queue.error instanceof ApiError && queue.error.status === 401;
  const signedOut = outbox.failure === "signed_out" || claimsRefused;
  const otherUser = outbox.failure === "other_user";
  const signIn = otherUser ? "other_user" : signedOut ? "signed_out" : null;
  useLater(open?.armed ?? false);
  const [looking] = useState(() => new Looking());
  const dispatch = useDispatch(desk, looking);
  const resting = signedOut || otherUser || reading || outdated || !!clash;
  useCommands(commands, { run: dispatch, resting });

  const view = useMemo(
    () => ({ session, dispatch, looking, text }),
    [session, dispatch, looking, text],
  );
  const retry = useCallback(() => {
    if (open) void desk.queue.fetchImages(open.assignment);
  }, [desk, open]);

  return (
    <DeskContext value={view}>
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
            <Suspense fallback={null}>
              {reading && <GuidelineChange guideline={guideline} />}
              {clash && <AnsweredElsewhere key={clash.key} answer={clash} outbox={desk.outbox} />}
              {(session.dialog !== null || signIn) && (
                <DeskDialogs desk={desk} project={project} me={me} signIn={signIn} />
              )}
            </Suspense>
          }
        >
          {outdated ? (
            <Waiting>{app("loading")}</Waiting>
          ) : open ? (
            <Work images={desk.queue.imagesOf(open.assignment.id)} onRetry={retry} />
          ) : (
            <NoItem queue={queue} onLook={() => void desk.queue.topUp()} />
          )}
          <Suspense fallback={null}>
            {session.guideline && <DeskGuideline text={guideline.text} />}
          </Suspense>
          <div className={notes.notes}>
            <BreakNote between={between} now={desk.now} />
            <SetNote
              project={project.id}
              titleOf={(id) => titleOf(project, text, id)}
              done={queue.doneToday}
              between={between}
            />
          </div>
        </Frame>
      </CommandTable>
    </DeskContext>
  );
}

function titleOf(project: Project, text: QuestionText, id: string): string {
  const question = everAsked(project).find((one) => one.id === id);
  return question ? text.title(question) : id;
}

/** An item is asked what this page has not heard of: the project is read anew, and its desk made. */
function useOutdated({ id, asked }: Project, version: number): boolean {
  const client = useQueryClient();
  const outdated = version > asked;
  useEffect(() => {
    if (outdated) void client.invalidateQueries({ queryKey: projectQuery(id).queryKey });
  }, [outdated, client, id]);
  return outdated;
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
