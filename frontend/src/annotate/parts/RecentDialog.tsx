import { useTranslation } from "react-i18next";

import { useDeskView } from "@/annotate/context";
import type { OutboxState } from "@/annotate/outbox";
import type { Sent, Waiting } from "@/annotate/store";

import { DeskButton } from "./DeskButton";
import { Dialog } from "./Dialog";
import styles from "./parts.module.css";

const SHOWN = 50;

/** The person's last answers on this computer, with their receipts; each can be changed for a while. */
export function RecentDialog({
  outbox,
  project,
  now,
  onDiscard,
}: {
  outbox: OutboxState;
  project: number;
  now: number;
  onDiscard: (key: string) => void;
}) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  const refused = outbox.refused.filter((one) => one.project === project);
  const waiting = outbox.waiting.filter((one) => one.project === project);
  const sent = outbox.sent.filter((one) => one.project === project).slice(0, SHOWN);
  // Of an answer and its changes, the newest is the one to go on from.
  const newest = (one: Sent) =>
    sent.find(({ assignment }) => assignment === one.assignment) === one;
  return (
    <Dialog
      wide
      title={t("recent.title")}
      onClose={() => dispatch({ type: "dialog", dialog: null })}
    >
      {refused.length + waiting.length + sent.length === 0 && (
        <p className={styles.dialogText}>{t("recent.empty")}</p>
      )}
      <ul className={styles.recent}>
        {[...refused].reverse().map((one) => (
          <WaitingLine key={one.key} answer={one} onDiscard={() => onDiscard(one.key)} />
        ))}
        {[...waiting].reverse().map((one) => (
          <WaitingLine key={one.key} answer={one} />
        ))}
        {sent.map((one) => (
          <SentLine key={one.key} answer={one} now={newest(one) ? now : Infinity} />
        ))}
      </ul>
    </Dialog>
  );
}

function Line({
  answer,
  state,
  mood,
  detail,
  children,
}: {
  answer: Waiting | Sent;
  state: string;
  mood: string;
  detail?: string;
  children?: React.ReactNode;
}) {
  const { i18n } = useTranslation("annotate");
  const time = new Date(answer.at).toLocaleTimeString(i18n.language, { hour12: false });
  return (
    <li className={styles.recentLine}>
      <span className={styles.thumbs}>
        {answer.thumbnails.slice(0, 2).map((url) => (
          <img key={url} src={url} alt="" width={40} height={40} loading="lazy" />
        ))}
      </span>
      <span className={styles.recentText}>
        <span className={styles.recentPrompt}>{answer.prompt}</span>
        <small data-mood={mood}>
          {time} · {state}
          {detail && ` · ${detail}`}
        </small>
      </span>
      {children}
    </li>
  );
}

function WaitingLine({ answer, onDiscard }: { answer: Waiting; onDiscard?: () => void }) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  const { refusal } = answer;
  return (
    <Line
      answer={answer}
      state={refusal ? t("recent.refused") : t("recent.waiting")}
      mood={refusal ? "bad" : "waiting"}
      {...(refusal ? { detail: t("recent.reason", { message: refusal.message }) } : {})}
    >
      <DeskButton onClick={() => dispatch({ type: "reopen", id: answer.assignment })}>
        {t("recent.change")}
      </DeskButton>
      {onDiscard && <DeskButton onClick={onDiscard}>{t("recent.discard")}</DeskButton>}
    </Line>
  );
}

function SentLine({ answer, now }: { answer: Sent; now: number }) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  const { receipt } = answer;
  return (
    <Line
      answer={answer}
      state={receipt.counted ? t("recent.saved") : t("recent.late")}
      mood={receipt.counted ? "good" : "waiting"}
      detail={t("recent.receipt", { id: receipt.sha256.slice(0, 8) })}
    >
      {Date.parse(receipt.revisable_until) > now && (
        <DeskButton onClick={() => dispatch({ type: "reopen", id: answer.assignment })}>
          {t("recent.change")}
        </DeskButton>
      )}
    </Line>
  );
}
