import { useEffect, useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";

import styles from "./notes.module.css";
import { atWork, isDue, RESTED, type Sitting, WORK_MS } from "./rest";

const INPUTS = ["pointermove", "pointerdown", "keydown", "wheel"] as const;

/** Says after a while at work that a break would do good; `between`: no answer is begun. */
export function BreakNote({ between, now }: { between: boolean; now: () => number }) {
  const { t } = useTranslation("learning");
  const sitting = useRef<Sitting>(RESTED);
  const [due, setDue] = useState(false);
  const [shown, setShown] = useState(false);

  useEffect(() => {
    const input = () => {
      const at = now();
      sitting.current = atWork(sitting.current, at);
      setDue(isDue(sitting.current, at));
    };
    const ending = new AbortController();
    for (const kind of INPUTS) {
      window.addEventListener(kind, input, { signal: ending.signal, passive: true });
    }
    return () => ending.abort();
  }, [now]);

  // It comes between two answers, and then stays until it is dismissed or a break was had.
  if (due && between && !shown) setShown(true);
  if (!due && shown) setShown(false);
  if (!shown) return null;
  const dismiss = () => {
    sitting.current = RESTED;
    setDue(false);
  };
  return (
    <aside className={styles.note} role="status">
      <p>{t("rest.text", { minutes: WORK_MS / 60_000 })}</p>
      <Button onClick={dismiss}>{t("rest.dismiss")}</Button>
    </aside>
  );
}
