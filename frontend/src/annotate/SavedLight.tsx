import { useMemo } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { keepFocus } from "@/ui/desk/Button";

import type { OutboxState } from "./outbox/outbox";
import styles from "./SavedLight.module.css";

type Mood = "good" | "waiting" | "bad";

/** Whether what was answered is safe: saved, waiting, offline, or refused. Opens the last answers. */
export function SavedLight({
  outbox,
  project,
  number,
  onOpen,
}: {
  outbox: OutboxState;
  project: number;
  /** Of the last saved answer, among today's. */
  number: number;
  onOpen: () => void;
}) {
  const { t, i18n } = useTranslation("annotate");
  const { waiting, refused, sent, failure, lasting } = outbox;
  const last = sent.find((one) => one.project === project);
  const offline = failure === "offline" || failure === "signed_out" || failure === "other_user";
  const late = last?.receipt.counted === false;
  const mood: Mood =
    refused.length > 0 ? "bad" : waiting.length > 0 || offline || late ? "waiting" : "good";
  const at = last?.receipt.at;
  // Making the words of a time takes longer than drawing all else here.
  const time = useMemo(
    () => at && new Date(at).toLocaleTimeString(i18n.language, { hour12: false }),
    [at, i18n.language],
  );
  const parts = [
    failure === "offline" && t("saved.offline"),
    failure === "busy" && t("saved.busy"),
    waiting.length > 0 && t("saved.waiting", { count: waiting.length }),
    refused.length > 0 && t("saved.refused", { count: refused.length }),
    late && waiting.length === 0 && t("saved.not_counted"),
    mood === "good" &&
      (time ? `${t("saved.saved", { time })}  ${t("saved.number", { count: number })}` : t("saved.nothing_yet")),
  ].filter(Boolean);
  const more = lasting ? (waiting.length > 0 ? t("saved.safe_here") : "") : t("saved.not_lasting");
  return (
    <button
      type="button"
      className={styles.light}
      data-mood={mood}
      title={more}
      onPointerDown={keepFocus}
      onClick={onOpen}
    >
      <span className={styles.lamp} aria-hidden="true" />
      <span aria-live="polite">{parts.join(" · ")}</span>
    </button>
  );
}
