import { useEffect, useState } from "react";

import { newKey } from "@/annotate/outbox/newKey";
import { outboxOf } from "@/annotate/outbox/pageOutbox";
import { loadImages, unloadImages, warmImages } from "@/annotate/queue/loadImages";
import {
  claim,
  fetchAssignment,
  fetchHistory,
  heartbeat,
  type Me,
  type Project,
  release,
  whoAmI,
} from "@/annotate/server";
import { everAsked } from "@/questions/asked";
import { loadKinds } from "@/questions/registry";

import { Desk } from "./desk";

/** How many of one's answers undo reaches that were given before this page, wherever. */
const REMEMBERED = 200;

/** The desk of this person in this project, for as long as the page is open. */
export function useDesk(project: Project, me: Me): Desk | null {
  const [desk, setDesk] = useState<Desk | null>(null);
  const { id: user } = me;

  useEffect(() => {
    let made: Desk | null = null;
    let mounted = true;
    void Promise.all([outboxOf(user), loadKinds(everAsked(project))]).then(async ([{ outbox, store }]) => {
      if (!mounted) return;
      made = new Desk(project, user, outbox, store, {
        claim: (count) => claim(project.id, count),
        heartbeat,
        load: loadImages,
        unload: unloadImages,
        warm: warmImages,
        release,
        fetchAssignment,
        fetchHistory: () => fetchHistory(project.id, { limit: REMEMBERED }),
        newKey,
        view: () => ({
          viewport: { width: window.innerWidth, height: window.innerHeight },
          device_pixel_ratio: window.devicePixelRatio,
        }),
        now: Date.now,
        random: Math.random,
      });
      await made.start();
      setDesk(made);
    });
    return () => {
      mounted = false;
      made?.dispose();
    };
  }, [project, user]);

  useEffect(() => {
    if (!desk) return;
    const ending = new AbortController();
    const { signal } = ending;
    const seen = () => {
      const visible = document.visibilityState === "visible";
      desk.visible(visible);
      if (visible) void reloadForAnother(user);
    };
    const input = () => desk.dispatch({ type: "input" });
    document.addEventListener("visibilitychange", seen, { signal });
    window.addEventListener("pagehide", () => void desk.saveDraftNow(), { signal });
    for (const kind of ["pointermove", "pointerdown", "keydown", "wheel"]) {
      window.addEventListener(kind, input, { signal, passive: true });
    }
    window.addEventListener(
      "beforeunload",
      (event) => {
        if (desk.outbox.snapshot().waiting.length > 0) event.preventDefault();
      },
      { signal },
    );
    // Asked once; a browser that says no may still throw old answers away, so nothing relies on it.
    if ("storage" in navigator) void navigator.storage.persist().catch(() => false);
    return () => ending.abort();
  }, [desk, user]);

  return desk;
}

/** Somebody else signed in on this browser meanwhile: what they claim must not land on this desk. */
async function reloadForAnother(user: number): Promise<void> {
  const id = await whoAmI().catch(() => null);
  if (id !== null && id !== user) window.location.reload();
}
