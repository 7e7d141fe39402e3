import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";

import { useDeskView } from "@/annotate/context";
import type { Desk } from "@/annotate/desk/desk";
import type { Me, Project } from "@/annotate/server";
import { TodaysPace } from "@/annotate/learning/TodaysPace";
import { meQuery } from "@/api/queries";

import { HelpDialog } from "./HelpDialog";
import { RecentDialog } from "./RecentDialog";
import { SignInAgain } from "./SignInAgain";
import { SkipDialog } from "./SkipDialog";

interface Props {
  desk: Desk;
  project: Project;
  me: Me;
  /** Why this person has to sign in again; null: they need not. */
  signIn: "signed_out" | "other_user" | null;
}

/** What lies over the desk now. */
export function DeskDialogs({ desk, project, me, signIn }: Props) {
  const { dialog } = useDeskView().session;
  const outbox = useSyncExternalStore(desk.outbox.subscribe, desk.outbox.snapshot);
  const onSignedIn = useSignedIn(desk, me);
  return (
    <>
      {dialog === "help" && <HelpDialog />}
      {dialog === "skip" && <SkipDialog />}
      {dialog === "recent" && (
        <RecentDialog
          outbox={outbox}
          project={project.id}
          now={desk.now()}
          pace={<TodaysPace desk={desk} project={project.id} />}
          onDiscard={(key) => void desk.outbox.discard(key)}
        />
      )}
      {signIn && (
        <SignInAgain
          me={me}
          waiting={outbox.waiting.length}
          otherUser={signIn === "other_user"}
          onSignedIn={onSignedIn}
        />
      )}
    </>
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
