import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { signIn } from "@/api/queries";
import type { Me } from "@/api/types";

import { Dialog } from "./Dialog";
import styles from "./parts.module.css";

/** The session is gone; the desk stays as it is, and goes on after the password. */
export function SignInAgain({
  me,
  waiting,
  otherUser,
  onSignedIn,
}: {
  me: Me;
  waiting: number;
  otherUser: boolean;
  onSignedIn: (id: number) => void;
}) {
  const { t } = useTranslation("annotate");
  const text = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const name = me.display_name || me.username;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    setBusy(true);
    try {
      // Brings a fresh CSRF cookie; its own answer does not matter.
      await api.get("/me").catch(() => undefined);
      const person = await signIn(me.username, typeof password === "string" ? password : "");
      onSignedIn(person.id);
    } catch (error) {
      const wrong = error instanceof ApiError && [400, 401].includes(error.status);
      setProblem(wrong ? t("sign_in_again.failed") : text(error));
      setBusy(false);
    }
  };

  const why = otherUser
    ? t("sign_in_again.other_user", { name })
    : waiting > 0
      ? t("sign_in_again.text", { count: waiting })
      : t("sign_in_again.text_none");
  return (
    <Dialog title={t("sign_in_again.title")} onClose={null}>
      <p className={styles.dialogText}>{why}</p>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <input type="hidden" name="username" autoComplete="username" value={me.username} readOnly />
        <label className={styles.field}>
          {t("sign_in_again.password", { name })}
          <input
            className={styles.input}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            autoFocus
          />
        </label>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <button type="submit" className={`${styles.button} ${styles.go}`} disabled={busy}>
          <span className={styles.buttonText}>{t("sign_in_again.submit")}</span>
        </button>
      </form>
    </Dialog>
  );
}
