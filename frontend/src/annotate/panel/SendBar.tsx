import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import { hasChanged } from "@/annotate/session/state";
import { unanswered } from "@/questions/steps";
import { Button } from "@/ui/desk/Button";

import styles from "./SendBar.module.css";

/** What Enter does now: go to the next question, send, or send a change. */
export function SendBar() {
  const { t } = useTranslation("annotate");
  const { open, dispatch } = useItemView();
  const ready = unanswered(open).length === 0;
  const label = () => {
    if (!ready) return t("next");
    if (!open.before) return t("send");
    return hasChanged(open) ? t("send_change") : t("keep_answer");
  };
  return (
    <div className={styles.bar}>
      {open.before && (
        <>
          <span className={styles.changing}>{t("changing")}</span>
          <Button look="quiet" command="cancel" onClick={() => dispatch({ type: "cancel" })}>
            {t("back_to_item")}
          </Button>
        </>
      )}
      <Button
        command="confirm"
        look={ready ? "go" : "plain"}
        disabled={!open.armed}
        onClick={() => dispatch({ type: "confirm" })}
      >
        {label()}
      </Button>
    </div>
  );
}
