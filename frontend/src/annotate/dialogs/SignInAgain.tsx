import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError, type Schemas, server } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { signIn, waysInQuery } from "@/api/queries";
import { Button } from "@/ui/desk/Button";
import { Dialog, DialogText, FOCUS_FIRST } from "@/ui/desk/Dialog";

import styles from "./SignInAgain.module.css";

/**
 * The session is gone; the desk stays as it is, and goes on after the password. Who signs in by a
 * provider leaves it, and finds it as it was: what is here is kept on this computer.
 */
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
  const [codeAsked, setCodeAsked] = useState(false);
  const ways = useQuery(waysInQuery).data ?? { passwords: true, provider: null };
  const here = window.location.pathname + window.location.search;
  const name = me.display_name || me.username;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const sent = (field: string) => {
      const value = form.get(field);
      return typeof value === "string" ? value : "";
    };
    setBusy(true);
    try {
      // Brings a fresh CSRF cookie; its own answer does not matter.
      await server.GET("/me").catch(() => undefined);
      const credentials = { password: sent("password"), code: sent("code").trim() };
      const person = await signIn({ username: me.username, ...credentials });
      onSignedIn(person.id);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : "";
      if (code === "code_requested") setCodeAsked(true);
      setProblem(code === "wrong_credentials" ? t("sign_in_again.failed") : text(error));
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
        {ways.passwords && (
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
        )}
        {codeAsked && (
          <label className={styles.field}>
            {t("sign_in_again.code")}
            <input
              className={styles.input}
              name="code"
              autoComplete="one-time-code"
              required
              autoFocus
            />
          </label>
        )}
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        {ways.passwords && (
          <Button type="submit" look="go" disabled={busy}>
            {t("sign_in_again.submit")}
          </Button>
        )}
        {ways.provider !== null && (
          <a href={`/sign-in?next=${encodeURIComponent(here)}`}>
            {t("sign_in_again.by_provider", { provider: ways.provider })}
          </a>
        )}
      </form>
    </Dialog>
  );
}
