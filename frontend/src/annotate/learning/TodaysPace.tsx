import { useSyncExternalStore } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Desk } from "@/annotate/desk/desk";

import styles from "./TodaysPace.module.css";
import { paceOf } from "./pace";

/** How many answers today, and how fast; for this person alone. */
export function TodaysPace({ desk, project }: { desk: Desk; project: number }) {
  const { t } = useTranslation("learning");
  const queue = useSyncExternalStore(desk.queue.subscribe, desk.queue.snapshot);
  const outbox = useSyncExternalStore(desk.outbox.subscribe, desk.outbox.snapshot);
  const given = [...outbox.sent, ...outbox.waiting].filter((one) => one.project === project);
  const midnight = new Date(desk.now()).setHours(0, 0, 0, 0);
  const pace = paceOf(
    given.map(({ at }) => at),
    midnight,
  );
  return (
    <p className={styles.pace}>
      {t("pace.today", { count: queue.doneToday })}
      {pace !== null && `, ${t("pace.each", { seconds: Math.max(1, Math.round(pace / 1000)) })}`}
      {" · "}
      {t("pace.own")}
    </p>
  );
}
