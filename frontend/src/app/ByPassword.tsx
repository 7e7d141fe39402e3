import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { meQuery, signIn } from "@/api/queries";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/TextField";

import { Form, Hint, Problem, textOf } from "./Form";

interface Credentials {
  username: string;
  password: string;
}

/** The way in by a name and a password, then a code where one is asked for. */
export function ByPassword({ first }: { first: boolean }) {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  // Right, but for the code that is asked for now.
  const [right, setRight] = useState<Credentials | null>(null);

  const submit = async (form: FormData) => {
    const credentials = right ?? {
      username: textOf(form, "username").trim(),
      password: textOf(form, "password"),
    };
    setBusy(true);
    setProblem(null);
    try {
      const person = await signIn({ ...credentials, code: textOf(form, "code").trim() });
      client.setQueryData(meQuery.queryKey, person);
    } catch (error) {
      const asked = error instanceof ApiError && error.code === "code_requested";
      if (asked) setRight(credentials);
      else setProblem(error);
      setBusy(false);
    }
  };

  const startOver = () => {
    setRight(null);
    setProblem(null);
  };

  return (
    <Form onSubmit={(form) => void submit(form)}>
      {right === null ? <NameAndPassword first={first} /> : <CodeOf {...right} />}
      <Problem>{problem === null ? null : text(problem)}</Problem>
      <Button type="submit" look={first || right ? "primary" : "plain"} disabled={busy}>
        {busy ? t("sign_in.busy") : t("sign_in.submit")}
      </Button>
      {right === null ? (
        <Hint>{t("sign_in.no_account")}</Hint>
      ) : (
        <Button onClick={startOver}>{t("sign_in.start_over")}</Button>
      )}
    </Form>
  );
}

function NameAndPassword({ first }: { first: boolean }) {
  const { t } = useTranslation("app");
  return (
    <>
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
    </>
  );
}

function CodeOf({ username }: Credentials) {
  const { t } = useTranslation("app");
  return (
    <>
      <Hint>{t("sign_in.code_of", { username })}</Hint>
      <TextField
        label={t("sign_in.code")}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        required
        autoFocus
        help={t("sign_in.code_help")}
      />
    </>
  );
}
