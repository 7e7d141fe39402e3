import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useDeskView } from "@/annotate/context";
import type { OutboxState } from "@/annotate/outbox/outbox";
import type { Sent, Waiting } from "@/annotate/outbox/store";
import { fetchHistory } from "@/annotate/server";
import { useReason } from "@/i18n/reason";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText } from "@/ui/desk/Dialog";

import styles from "./RecentDialog.module.css";
import { RecentLine } from "./RecentLine";

const PAGE = 25;

/** An answer that the server has, as it says or as this browser remembers. */
interface Stored extends Pick<Sent, "assignment" | "at" | "prompt" | "thumbnails"> {
  readonly id: string;
  readonly receipt: Pick<Sent["receipt"], "sha256" | "counted" | "revisable_until">;
}

/** The person's last answers, on whatever computer, with their receipts; each can be changed for a while. */
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
  const { stored, more } = useStored(outbox, project);
  return (
    <Dialog
      wide
      title={t("recent.title")}
      onClose={() => dispatch({ type: "dialog", dialog: null })}
    >
      {pace}
      {refused.length + waiting.length + stored.length === 0 && (
        <DialogText>{t("recent.empty")}</DialogText>
      )}
      <ul className={styles.lines}>
        {[...refused].reverse().map((one) => (
          <WaitingLine key={one.key} answer={one} onDiscard={() => onDiscard(one.key)} />
        ))}
        {[...waiting].reverse().map((one) => (
          <WaitingLine key={one.key} answer={one} />
        ))}
        {stored.map((one) => (
          <StoredLine key={one.id} answer={one} now={now} />
        ))}
      </ul>
      {more && (
        <div className={styles.foot}>
          <Button onClick={more}>{t("recent.more")}</Button>
        </div>
      )}
    </Dialog>
  );
}

/** A page after the other from the server; without a network, what this browser remembers. */
function useStored(
  outbox: OutboxState,
  project: number,
): { stored: readonly Stored[]; more: (() => void) | null } {
  const sent = outbox.sent.filter((one) => one.project === project);
  const history = useInfiniteQuery({
    queryKey: ["project", project, "recent", sent[0]?.key],
    queryFn: ({ pageParam }) =>
      fetchHistory(project, { limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length < PAGE ? null : (page.at(-1)?.id ?? null)),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (!history.data) return { stored: newestOf(sent), more: null };
  const stored = history.data.pages.flat().map(({ id, assignment, at, prompt, ...row }) => ({
    id,
    assignment,
    at: Date.parse(at),
    prompt,
    thumbnails: row.thumbnail_urls,
    receipt: row,
  }));
  return { stored, more: history.hasNextPage ? () => void history.fetchNextPage() : null };
}

/** Of an answer and its changes, the newest. */
function newestOf(sent: readonly Sent[]): Stored[] {
  const first = (one: Sent) => sent.find(({ assignment }) => assignment === one.assignment) === one;
  return sent.filter(first).slice(0, PAGE).map((one) => ({ ...one, id: one.key }));
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

function StoredLine({ answer, now }: { answer: Stored; now: number }) {
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
