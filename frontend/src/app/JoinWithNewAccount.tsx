import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { waysInQuery } from "@/api/queries";
import { useReason } from "@/i18n/reason";
import { Button } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { TextField } from "@/ui/TextField";

import { ByProvider } from "./ByProvider";
import { Form, Hint, Problem, textOf } from "./Form";
import { Loading } from "./Loading";
import { useJoin } from "./useJoin";

/** For a new person: what makes their account. */
export function JoinWithNewAccount({ token }: { token: string }) {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const reason = useReason();
  const join = useJoin(token);
  const fields = join.error instanceof ApiError ? join.error.fields : {};
  const wrong = (name: string) => fields[name] && reason(fields[name]);
  const submit = (form: FormData) =>
    join.mutate({
      display_name: textOf(form, "display_name").trim(),
      username: textOf(form, "username").trim(),
      password: textOf(form, "password"),
    });
  const ways = useQuery(waysInQuery);
  if (ways.isPending) return <Loading />;
  const { passwords, provider } = ways.data ?? { passwords: true, provider: null };
  const byProvider = provider !== null && (
    <ByProvider name={provider} then={`/join/${token}`} refused={null} divided={passwords} />
  );
  if (!passwords) return byProvider;
  return (
    <>
      {byProvider}
      <Form onSubmit={submit}>
        <Hint>{t("join.make_account")}</Hint>
        <TextField
          label={t("join.display_name")}
          name="display_name"
          autoComplete="name"
          required
          autoFocus={provider === null}
          error={wrong("display_name")}
        />
        <TextField
          label={t("join.username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          required
          error={wrong("username")}
        />
        <TextField
          label={t("join.password")}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          help={t("join.password_help")}
          error={wrong("password")}
        />
        <Problem>{join.error === null ? null : text(join.error)}</Problem>
        <Button type="submit" look="primary" disabled={join.isPending}>
          {join.isPending ? t("join.busy") : t("join.submit")}
        </Button>
        <Hint>
          <Link to={`/sign-in?next=${encodeURIComponent(`/join/${token}`)}`}>
            {t("join.have_account")}
          </Link>
        </Hint>
      </Form>
    </>
  );
}
