import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useErrorText } from "@/api/errorText";
import { meQuery, signIn } from "@/api/queries";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/TextField";

import { Form, Problem, textOf } from "./Form";

/** The way in by a name and a password; `first`: nothing stands before it. */
export function ByPassword({ first }: { first: boolean }) {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

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
    <Form onSubmit={(form) => void submit(form)}>
      <TextField
        label={t("sign_in.username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        required
        autoFocus={first}
      />
      <TextField
        label={t("sign_in.password")}
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Problem>{problem === null ? null : text(problem)}</Problem>
      <Button type="submit" look={first ? "primary" : "plain"} disabled={busy}>
        {busy ? t("sign_in.busy") : t("sign_in.submit")}
      </Button>
    </Form>
  );
}
