import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiError, type Schemas, server } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { signIn } from "@/api/queries";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText, FOCUS_FIRST } from "@/ui/desk/Dialog";

import styles from "./SignInAgain.module.css";

/** The session is gone; the desk stays as it is, and goes on after the password. */
export function SignInAgain({
  me,
  waiting,
  otherUser,
  onSignedIn,
}: {
  me: Schemas["Me"];
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
      await server.GET("/me").catch(() => undefined);
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
      <DialogText>{why}</DialogText>
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
            {...FOCUS_FIRST}
          />
        </label>
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <Button type="submit" look="go" disabled={busy}>
          {t("sign_in_again.submit")}
        </Button>
      </form>
    </Dialog>
  );
}
