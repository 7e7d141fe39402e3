import { useTranslation } from "react-i18next";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./History.module.css";
import type { DetailedItem } from "./queries";

/** Every change of a place's state, the newest first. */
export function History({ item }: { item: DetailedItem }) {
  const { t, i18n } = useTranslation("items");
  const format = useFormat();
  const cause = (name: string) =>
    i18n.exists(`cause.${name}`, { ns: "items" }) ? t(`cause.${name as "claim"}`) : name;
  const events = [...item.history].reverse();
  if (events.length === 0) return <span className={styles.soft}>–</span>;
  return (
    <ol className={styles.history}>
      {events.map((event, place) => (
        <li key={events.length - place}>
          <span className={styles.soft}>{format.dateTime(event.at)}</span>
          <span>
            <b>{cause(event.cause)}</b>
            {" · "}
            {t("detail.place", { place: event.slot + 1 })}
            {event.annotator && ` · ${event.annotator.name}`}
          </span>
          {event.actor && event.actor.id !== event.annotator?.id && (
            <span className={styles.soft}>{event.actor.name}</span>
          )}
          {event.reason !== "" && <q>{event.reason}</q>}
        </li>
      ))}
    </ol>
  );
}
