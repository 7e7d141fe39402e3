import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useSyncExternalStore } from "react";

import { meQuery } from "@/api/queries";
import { ApiError } from "@/api/client";
import type { Me, Project } from "@/api/types";
import { useQuestionText } from "@/i18n/questionText";

import { commandsFor } from "./commands";
import { DeskContext, type DeskView } from "./context";
import type { Desk } from "./desk";
import styles from "./DeskPage.module.css";
import { Empty } from "./parts/Empty";
import { Guideline } from "./parts/Guideline";
import { HelpDialog } from "./parts/HelpDialog";
import { PairPanel } from "./parts/PairPanel";
import { Prompt } from "./parts/Prompt";
import { RecentDialog } from "./parts/RecentDialog";
import { SavedLight } from "./parts/SavedLight";
import { SidePanel } from "./parts/SidePanel";
import { SignInAgain } from "./parts/SignInAgain";
import { SkipDialog } from "./parts/SkipDialog";
import { Stages } from "./parts/Stages";
import { TopBar } from "./parts/TopBar";
import type { Session } from "./state";
import { useKeyboard, useLayout } from "./useKeyboard";

/** Nothing but preferences over two images: they get the page's whole width. */
function isPairPage({ questions, open }: Session): boolean {
  return (
    questions.every(({ type }) => type === "preference") &&
    open?.assignment.shown.order.length === 2
  );
}

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
  const layout = useLayout();
  const text = useQuestionText(project.template, session.open?.assignment.shown.order.length ?? 2);
  const commands = useMemo(() => commandsFor(session), [session]);
  // Behind a dialog the buttons keep their key caps.
  const drawn = useMemo(() => commandsFor({ ...session, dialog: null }), [session]);
  const claimsRefused = queue.error instanceof ApiError && queue.error.status === 401;
  const signedOut = outbox.trouble === "signed_out" || claimsRefused;
  const otherUser = outbox.trouble === "other_user";
  useKeyboard(commands, desk.dispatch, !signedOut && !otherUser);
  const onSignedIn = useSignedIn(desk, me);

  const view: DeskView = { session, dispatch: desk.dispatch, commands: drawn, text, layout };
  const { open } = session;
  const pair = isPairPage(session);
  const images = open && desk.queue.imagesOf(open.assignment.id);
  return (
    <DeskContext value={view}>
      <div className={styles.desk} data-layout={pair ? "pair" : "side"}>
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
        <div className={styles.middle}>
          {open ? (
            <main className={styles.work} key={open.assignment.id}>
              {pair && <Prompt />}
              <Stages
                images={images}
                onRetry={() => void desk.queue.fetchImages(open.assignment)}
              />
              {pair ? <PairPanel /> : <SidePanel />}
            </main>
          ) : (
            <main className={styles.blank}>
              <Empty queue={queue} onLook={() => void desk.queue.topUp()} />
            </main>
          )}
          {session.guideline && <Guideline text={project.guideline} />}
        </div>
      </div>
      {session.dialog === "help" && <HelpDialog />}
      {session.dialog === "skip" && <SkipDialog />}
      {session.dialog === "recent" && (
        <RecentDialog
          outbox={outbox}
          project={project.id}
          now={desk.now()}
          onDiscard={(key) => void desk.outbox.discard(key)}
        />
      )}
      {(signedOut || otherUser) && (
        <SignInAgain
          me={me}
          waiting={outbox.waiting.length}
          otherUser={otherUser}
          onSignedIn={onSignedIn}
        />
      )}
    </DeskContext>
  );
}

/** Sends what waits for this person; if somebody else signed in, the page becomes theirs. */
function useSignedIn(desk: Desk, me: Me): (id: number) => void {
  const client = useQueryClient();
  return (id) => {
    if (id !== me.id) {
      window.location.assign("/");
      return;
    }
    void client.invalidateQueries({ queryKey: meQuery.queryKey });
    void desk.outbox.flush();
    void desk.queue.topUp();
  };
}
