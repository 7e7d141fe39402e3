import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";

import { useErrorText } from "@/api/errorText";
import { meQuery, signIn } from "@/api/queries";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/TextField";

import { Card } from "./Card";
import { Form, Hint, Problem, textOf } from "./Form";
import { safeNext } from "./next";

export function SignInPage() {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const client = useQueryClient();
  const [query] = useSearchParams();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // Asked even here: it sets the CSRF cookie, and sends on whoever is signed in already.
  const me = useQuery(meQuery);

  if (me.data) return <Navigate to={safeNext(query.get("next"))} replace />;

  const submit = async (form: FormData) => {
    setBusy(true);
    setProblem(null);
    try {
      const person = await signIn(textOf(form, "username").trim(), textOf(form, "password"));
      client.setQueryData(meQuery.queryKey, person);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  return (
    <Card title={t("sign_in.title")}>
      <Form onSubmit={(form) => void submit(form)}>
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
        <Problem>{problem === null ? null : text(problem)}</Problem>
        <Button type="submit" look="primary" disabled={busy}>
          {busy ? t("sign_in.busy") : t("sign_in.submit")}
        </Button>
        <Hint>{t("sign_in.no_account")}</Hint>
      </Form>
    </Card>
  );
}
