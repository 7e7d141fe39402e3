import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./History.module.css";
import { type Line, linesOf } from "./historyLines";
import type { DetailedItem } from "./queries";

/** What was done to the item, and every change of a place's state, the newest first. */
export function History({ item }: { item: DetailedItem }) {
  const { t } = useTranslation("items");
  const format = useFormat();
  const cause = useCause();
  const lines = linesOf(item);
  if (lines.length === 0) return <span className={styles.soft}>–</span>;
  return (
    <ol className={styles.history} tabIndex={0}>
      {lines.map((line, place) => (
        <li key={lines.length - place}>
          <span className={styles.soft}>{format.dateTime(line.at)}</span>
          <span>
            <b>{cause(line)}</b>
            {line.slot !== null && ` · ${t("detail.place", { place: line.slot + 1 })}`}
            {line.annotator && ` · ${line.annotator.name}`}
          </span>
          {line.actor && line.actor.id !== line.annotator?.id && (
            <span className={styles.soft}>{line.actor.name}</span>
          )}
          {line.reason !== "" && <q>{line.reason}</q>}
        </li>
      ))}
    </ol>
  );
}

function useCause(): (line: Line) => string {
  const { t, i18n } = useTranslation("items");
  const { t: tActions } = useTranslation("actions");
  return ({ cause, states }) => {
    if (states === null) return tActions(`verbs.${cause}` as "verbs.item.excluded");
    const [from, to] = states;
    const judged = cause === "verdict" && (to === "accepted" || to === "rejected");
    const known = judged ? to : cause;
    return i18n.exists(`cause.${known}`, { ns: "items" })
      ? t(`cause.${known as "claim"}`)
      : t("detail.changed", { before: t(`slot_state.${from}`), after: t(`slot_state.${to}`) });
  };
}
