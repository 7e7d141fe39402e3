import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { OwnProgress, progressQuery } from "@/questions/OwnProgress";
import { Button } from "@/ui/desk/Button";

import styles from "./notes.module.css";

interface Props {
  project: number;
  titleOf: (id: string) => string;
  /** Answers of today; a set may be over when they grow. */
  done: number;
  /** No answer is begun. */
  between: boolean;
}

/** After each whole set of answers: how one did, for oneself alone. */
export function SetNote({ project, titleOf, done, between }: Props) {
  const { t } = useTranslation("learning");
  const [since, setSince] = useState<number | null>(null);
  // Looked at now and then: whether a set is over the server knows.
  const looked = Math.floor(done / LOOK_EVERY);
  const { data } = useQuery({ ...progressQuery(project, looked), placeholderData: (old) => old });
  if (data && since === null) setSince(data.sets);
  if (!data || since === null || data.sets <= since || !between) return null;
  return (
    <aside className={styles.note} role="status">
      <h2>{t("progress.title", { count: data.set_size })}</h2>
      <OwnProgress progress={data} titleOf={titleOf} />
      <Button onClick={() => setSince(data.sets)}>{t("progress.dismiss")}</Button>
    </aside>
  );
}

const LOOK_EVERY = 5;
