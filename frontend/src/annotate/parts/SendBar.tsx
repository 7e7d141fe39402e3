import { useTranslation } from "react-i18next";

import { useItemView } from "@/annotate/context";
import { hasChanged, isReady } from "@/annotate/state";

import { DeskButton } from "./DeskButton";
import styles from "./parts.module.css";

/** What Enter does now: go to the next question, send, or send a change. */
export function SendBar() {
  const { t } = useTranslation("annotate");
  const { session, open, dispatch } = useItemView();
  const ready = isReady(session, open);
  const words = () => {
    if (!ready) return t("next");
    if (!open.before) return t("send");
    return hasChanged(open) ? t("send_change") : t("keep_answer");
  };
  return (
    <div className={styles.sendBar}>
      {open.before && (
        <>
          <span className={styles.changing}>{t("changing")}</span>
          <DeskButton look="quiet" command="cancel" onClick={() => dispatch({ type: "cancel" })}>
            {t("back_to_item")}
          </DeskButton>
        </>
      )}
      <DeskButton
        command="confirm"
        look={ready ? "go" : "plain"}
        className={styles.send}
        disabled={!open.armed}
        onClick={() => dispatch({ type: "confirm" })}
      >
        {words()}
      </DeskButton>
    </div>
  );
}
