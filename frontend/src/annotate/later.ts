/** What the first item needs nothing of: it comes when that is on the screen, or when it is asked for. */

import { lazy, useEffect, useState } from "react";

import { bringReasons } from "@/i18n/reason";

const load = () => import("./notNow");

export const AnsweredElsewhere = lazy(async () => ({ default: (await load()).AnsweredElsewhere }));
export const DeskDialogs = lazy(async () => ({ default: (await load()).DeskDialogs }));
export const DeskGuideline = lazy(async () => ({ default: (await load()).DeskGuideline }));
export const GuidelineChange = lazy(async () => ({ default: (await load()).GuidelineChange }));

/** Fetches it once an item has been `seen`, when the browser has nothing better to do. */
export function useLater(seen: boolean): void {
  const [due, setDue] = useState(false);
  if (seen && !due) setDue(true);
  useEffect(() => {
    if (!due) return;
    const fetch = () => {
      // What is lost is asked for again by who needs it.
      void load().catch(() => undefined);
      bringReasons();
    };
    if ("requestIdleCallback" in window) window.requestIdleCallback(fetch, { timeout: 2_000 });
    else setTimeout(fetch);
  }, [due]);
}
