import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/desk/Button";

import { nextReviewQuery, type Project } from "./queries";
import styles from "./SendFailed.module.css";

interface Props {
  error: Error;
  project: Project;
  onRetry: () => void;
}

/** The verdicts did not arrive: why, and what one can do. */
export function SendFailed({ error, project, onRetry }: Props) {
  const { t } = useTranslation(["review", "app"]);
  const errorText = useErrorText();
  const client = useQueryClient();
  // Somebody else was quicker, or the hold has lapsed: these verdicts can't be sent any more.
  const gone = error instanceof ApiError && (error.status === 409 || error.status === 404);
  const goOn = () =>
    void client.resetQueries({ queryKey: nextReviewQuery(project.id).queryKey });
  return (
    <div className={styles.failed} role="alert">
      <p>{gone ? t("stale") : errorText(error)}</p>
      <Button onClick={gone ? goOn : onRetry}>{gone ? t("go_on") : t("app:retry")}</Button>
    </div>
  );
}
