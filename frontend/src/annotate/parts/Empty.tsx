import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useErrorText } from "@/api/errorText";
import { useDeskView } from "@/annotate/context";
import type { QueueState } from "@/annotate/queue";

import { DeskButton } from "./DeskButton";
import styles from "./parts.module.css";

/** No item on the desk: why, what happens next, and what one can do. */
export function Empty({ queue, onLook }: { queue: QueueState; onLook: () => void }) {
  const { t } = useTranslation("annotate");
  const home = useTranslation("app").t("home");
  const errorText = useErrorText();
  const { session, dispatch } = useDeskView();
  const { standing } = queue;
  if (standing === "working") {
    return (
      <p className={styles.loadingImages} role="status">
        {t("empty.working")}
      </p>
    );
  }
  return (
    <section className={styles.empty} role="status">
      <h1>{t(`empty.${standing}_title`)}</h1>
      <p>{t(`empty.${standing}`)}</p>
      {standing === "failing" && <p>{errorText(queue.error)}</p>}
      {standing !== "done" && <Countdown until={queue.askAgainAt} />}
      <div className={styles.emptyActions}>
        {standing !== "done" && <DeskButton onClick={onLook}>{t("empty.look_now")}</DeskButton>}
        {session.done.length > 0 && (
          <DeskButton command="undo" onClick={() => dispatch({ type: "undo" })}>
            {t("empty.undo")}
          </DeskButton>
        )}
        <Link className={`${styles.button} ${styles.plain}`} to="/">
          {home}
        </Link>
      </div>
    </section>
  );
}

function Countdown({ until }: { until: number | null }) {
  const { t } = useTranslation("annotate");
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  if (until === null) return <p className={styles.countdown}>{t("empty.looking")}</p>;
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <p className={styles.countdown} aria-live="off">
      {t("empty.look_again_in", { time })}
    </p>
  );
}
