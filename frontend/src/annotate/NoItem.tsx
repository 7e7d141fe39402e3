import { useEffect, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams } from "react-router";

import { useErrorText } from "@/api/errorText";
import { Button, buttonClass } from "@/ui/desk/Button";
import { Empty, Waiting } from "@/ui/desk/Empty";
import { Link } from "@/ui/Link";

import { useDeskView } from "./context";
import styles from "./NoItem.module.css";
import type { QueueState } from "./queue/queue";

/** No item on the desk: why, what happens next, and what one can do. */
export function NoItem({ queue, onLook }: { queue: QueueState; onLook: () => void }) {
  const { t } = useTranslation("annotate");
  const home = useTranslation("app").t("home");
  const errorText = useErrorText();
  const { session, dispatch } = useDeskView();
  const { id = "" } = useParams();
  const { status } = queue;
  if (status === "working") return <Waiting>{t("empty.working")}</Waiting>;
  // The others end by themselves, or by what somebody else does.
  const waits = !["done", "project_archived", "training_required"].includes(status);
  return (
    <Empty
      title={t(`empty.${status}_title`)}
      actions={
        <>
          {status === "training_required" && (
            <Link className={buttonClass("go")} to={`/projects/${id}/learn`}>
              {t("empty.to_training")}
            </Link>
          )}
          {waits && <Button onClick={onLook}>{t("empty.look_now")}</Button>}
          {session.done.length > 0 && (
            <Button command="undo" onClick={() => dispatch({ type: "undo" })}>
              {t("empty.undo")}
            </Button>
          )}
          <Link className={buttonClass()} to="/">
            {home}
          </Link>
        </>
      }
    >
      <p>{t(`empty.${status}`)}</p>
      {status === "paused" && queue.note !== "" && <blockquote>{queue.note}</blockquote>}
      {status === "failing" && <p>{errorText(queue.error)}</p>}
      {waits && <Countdown until={queue.askAgainAt} />}
    </Empty>
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
