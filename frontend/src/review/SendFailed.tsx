import { useTranslation } from "@/i18n/useTranslation";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/desk/Button";

import styles from "./SendFailed.module.css";

interface Props {
  error: Error;
  onRetry: () => void;
  /** Leaves this item, for the next. */
  onGoOn: () => void;
}

/** The verdicts did not arrive: why, and what one can do. */
export function SendFailed({ error, onRetry, onGoOn }: Props) {
  const { t } = useTranslation(["review", "app"]);
  const errorText = useErrorText();
  // Somebody else was quicker, or the hold has lapsed: these verdicts can't be sent any more.
  const gone = error instanceof ApiError && (error.status === 409 || error.status === 404);
  return (
    <div className={styles.failed} role="alert">
      <p>{gone ? t("stale") : errorText(error)}</p>
      <Button onClick={gone ? onGoOn : onRetry}>{gone ? t("go_on") : t("app:retry")}</Button>
    </div>
  );
}
