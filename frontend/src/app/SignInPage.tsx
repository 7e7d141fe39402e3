import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { meQuery, signIn } from "@/api/queries";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/TextField";

import styles from "./app.module.css";
import { Card } from "./Card";
import { safeNext } from "./next";

export function SignInPage() {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const client = useQueryClient();
  const [query] = useSearchParams();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Asked even here: it sets the CSRF cookie, and sends on whoever is signed in already.
  const me = useQuery(meQuery);

  if (me.data) return <Navigate to={safeNext(query.get("next"))} replace />;

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const person = await signIn(textOf(form, "username").trim(), textOf(form, "password"));
      client.setQueryData(meQuery.queryKey, person);
    } catch (error) {
      const wrong = error instanceof ApiError && (error.status === 400 || error.status === 401);
      setProblem(wrong ? t("sign_in.failed") : text(error));
      setBusy(false);
    }
  };

  return (
    <Card title={t("sign_in.title")}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextField
          label={t("sign_in.username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          required
          autoFocus
        />
        <TextField
          label={t("sign_in.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <p className={styles.problem} role="alert">
          {problem}
        </p>
        <Button type="submit" look="primary" disabled={busy}>
          {busy ? t("sign_in.busy") : t("sign_in.submit")}
        </Button>
        <p className={styles.hint}>{t("sign_in.no_account")}</p>
      </form>
    </Card>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
