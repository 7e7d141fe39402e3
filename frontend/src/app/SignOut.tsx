import { useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useMe, useSignOut } from "@/api/queries";
import { Button } from "@/ui/Button";

import { unsentOf } from "./leftovers";
import styles from "./SignOut.module.css";

/** Leaves at once, or asks first when answers of this person wait on this computer. */
export function SignOut() {
  const { t } = useTranslation("app");
  const leave = useSignOut();
  const me = useMe();
  const dialog = useRef<HTMLDialogElement>(null);
  const [unsent, setUnsent] = useState(0);


  const ask = async () => {
    const count = await unsentOf(me.id);
    if (count === 0) {
      await leave();
      return;
    }
    setUnsent(count);
    dialog.current?.showModal();
  };

  return (
    <>
      <button type="button" className={styles.button} onClick={() => void ask()}>
        {t("sign_out")}
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="sign-out-title">
        <h2 id="sign-out-title">{t("sign_out_unsent.title")}</h2>
        <p>{t("sign_out_unsent.text", { count: unsent })}</p>
        <div className={styles.buttons}>
          <Button onClick={() => void leave()}>{t("sign_out_unsent.leave")}</Button>
          <Button look="primary" onClick={() => dialog.current?.close()}>
            {t("sign_out_unsent.stay")}
          </Button>
        </div>
      </dialog>
    </>
  );
}
