import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useDeskView } from "@/annotate/context";
import type { OutboxState } from "@/annotate/outbox/outbox";
import type { Sent, Waiting } from "@/annotate/outbox/store";
import { useReason } from "@/i18n/reason";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText } from "@/ui/desk/Dialog";

import styles from "./RecentDialog.module.css";
import { RecentLine } from "./RecentLine";

const SHOWN = 50;

/** The person's last answers on this computer, with their receipts; each can be changed for a while. */
export function RecentDialog({
  outbox,
  project,
  now,
  pace,
  onDiscard,
}: {
  outbox: OutboxState;
  project: number;
  now: number;
  /** How the day goes. */
  pace: ReactNode;
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
      {pace}
      {refused.length + waiting.length + sent.length === 0 && (
        <DialogText>{t("recent.empty")}</DialogText>
      )}
      <ul className={styles.lines}>
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

function WaitingLine({ answer, onDiscard }: { answer: Waiting; onDiscard?: () => void }) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  const reason = useReason();
  const { refusal } = answer;
  return (
    <RecentLine
      answer={answer}
      state={refusal ? t("recent.refused") : t("recent.waiting")}
      mood={refusal ? "bad" : "waiting"}
      {...(refusal ? { detail: t("recent.reason", { message: reason(refusal) }) } : {})}
    >
      <Button onClick={() => dispatch({ type: "reopen", id: answer.assignment })}>
        {t("recent.change")}
      </Button>
      {onDiscard && <Button onClick={onDiscard}>{t("recent.discard")}</Button>}
    </RecentLine>
  );
}

function SentLine({ answer, now }: { answer: Sent; now: number }) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useDeskView();
  const { receipt } = answer;
  return (
    <RecentLine
      answer={answer}
      state={receipt.counted ? t("recent.saved") : t("recent.late")}
      mood={receipt.counted ? "good" : "waiting"}
      detail={t("recent.receipt", { id: receipt.sha256.slice(0, 8) })}
    >
      {Date.parse(receipt.revisable_until) > now && (
        <Button onClick={() => dispatch({ type: "reopen", id: answer.assignment })}>
          {t("recent.change")}
        </Button>
      )}
    </RecentLine>
  );
}
