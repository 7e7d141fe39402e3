import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/Button";

import styles from "./MyAnswersPage.module.css";

type Miss = Schemas["MyMiss"];

const LONGEST = 1000;

/** Below an answer of one's own: that it missed a known answer, and the way to contest that. */
export function MissedGold({ project, miss }: { project: number; miss: Miss }) {
  const { t } = useTranslation("gold");
  const [open, setOpen] = useState(false);
  const decided = miss.retired ? "retired" : miss.ruling;
  return (
    <>
      <p className={styles.rejected} title={t("mine.missed_help")}>
        <strong>{t("mine.missed")}</strong>{" "}
        {decided === null && miss.words === "" && !open && (
          <Button onClick={() => setOpen(true)}>{t("mine.contest")}</Button>
        )}
      </p>
      {miss.words !== "" && <p className={styles.note}>{t("mine.sent", { words: miss.words })}</p>}
      {decided !== null && <p className={styles.note}>{t(`mine.${decided}`)}</p>}
      {decided === null && miss.words !== "" && <p className={styles.note}>{t("mine.waiting")}</p>}
      {open && <Contest project={project} miss={miss} onClose={() => setOpen(false)} />}
    </>
  );
}

function Contest({ project, miss, onClose }: { project: number; miss: Miss; onClose: () => void }) {
  const { t } = useTranslation("gold");
  const errorText = useErrorText();
  const client = useQueryClient();
  const [words, setWords] = useState("");
  const send = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/my-misses/{answer_id}/contest", {
          params: { path: { project_id: project, answer_id: miss.id } },
          body: { words },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project, "misses"] });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit} className={styles.contest}>
      <label>
        {t("mine.words")}
        <textarea
          value={words}
          maxLength={LONGEST}
          rows={2}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </label>
      {send.isError && <p role="alert">{errorText(send.error)}</p>}
      <div>
        <Button type="submit" look="primary" disabled={words.trim() === "" || send.isPending}>
          {t("mine.send")}
        </Button>{" "}
        <Button onClick={onClose}>{t("mine.cancel")}</Button>
      </div>
    </form>
  );
}
