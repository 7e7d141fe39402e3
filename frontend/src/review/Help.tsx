import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { KEY_CAPS } from "./commands";
import styles from "./review.module.css";

/** The keys, drawn from the table of commands. */
export function Help({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("review");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const names = Object.keys(KEY_CAPS) as (keyof typeof KEY_CAPS)[];
  return (
    <dialog ref={dialog} className={styles.help} aria-label={t("help.title")} onClose={onClose}>
      <h2>{t("help.title")}</h2>
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>
              <kbd>{KEY_CAPS[name]}</kbd>
            </dt>
            <dd>{t(`help.${name}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className={styles.key} onClick={() => dialog.current?.close()}>
        {t("help.close")}
        <kbd>Esc</kbd>
      </button>
    </dialog>
  );
}
