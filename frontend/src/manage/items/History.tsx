import { useTranslation } from "react-i18next";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./History.module.css";
import type { DetailedItem } from "./queries";

type Event = DetailedItem["history"][number];

const isJudged = (state: Event["to_state"]): state is "accepted" | "rejected" =>
  state === "accepted" || state === "rejected";

/** Every change of a place's state, the newest first. */
export function History({ item }: { item: DetailedItem }) {
  const { t, i18n } = useTranslation("items");
  const format = useFormat();
  const cause = ({ cause: name, from_state, to_state }: Event) => {
    const known = name === "verdict" && isJudged(to_state) ? to_state : name;
    return i18n.exists(`cause.${known}`, { ns: "items" })
      ? t(`cause.${known as "claim"}`)
      : t("detail.changed", {
          before: t(`slot_state.${from_state}`),
          after: t(`slot_state.${to_state}`),
        });
  };
  const events = [...item.history].reverse();
  if (events.length === 0) return <span className={styles.soft}>–</span>;
  return (
    <ol className={styles.history}>
      {events.map((event, place) => (
        <li key={events.length - place}>
          <span className={styles.soft}>{format.dateTime(event.at)}</span>
          <span>
            <b>{cause(event)}</b>
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
