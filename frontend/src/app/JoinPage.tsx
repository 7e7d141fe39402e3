import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { api, ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { meQuery } from "@/api/queries";
import type { InvitationWelcome } from "@/api/types";
import { Button, buttonClass } from "@/ui/Button";
import { Message } from "@/ui/Message";
import { TextField } from "@/ui/TextField";

import styles from "./app.module.css";
import { Card } from "./Card";
import { Loading } from "./Loading";

/** Accepting an invitation: as a new person, or as the one who is signed in. */
export function JoinPage() {
  const { t } = useTranslation("app");
  const { token = "" } = useParams();
  const path = `/invitations/${encodeURIComponent(token)}`;
  const me = useQuery(meQuery);
  const welcome = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => api.get<InvitationWelcome>(path, { signal }),
    retry: false,
  });

  if (welcome.isPending || me.isPending) return <Loading />;
  if (!welcome.data) {
    return (
      <Message title={t("join.gone_title")} text={t("join.gone")}>
        <Link className={buttonClass()} to="/">
          {t("home")}
        </Link>
      </Message>
    );
  }
  return (
    <Card title={t("join.title", { project: welcome.data.project })}>
      <p className={styles.lead}>
        {t("join.invited_as", { role: t(`roles.${welcome.data.role}`) })}
      </p>
      <Accept path={path} token={token} name={me.data?.display_name ?? me.data?.username ?? null} />
    </Card>
  );
}

/** `name`: of the signed-in person, who needs no form. */
function Accept({ path, token, name }: { path: string; token: string; name: string | null }) {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const accept = async (body: Record<string, string>) => {
    setBusy(true);
    setProblem(null);
    try {
      await api.post(`${path}/accept`, body);
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      await navigate("/");
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body: Record<string, string> = {};
    for (const [field, value] of form) {
      if (typeof value === "string") body[field] = field === "password" ? value : value.trim();
    }
    void accept(body);
  };

  const fields = problem instanceof ApiError ? problem.fields : {};
  const alert = (
    <p className={styles.problem} role="alert">
      {problem === null ? null : text(problem)}
    </p>
  );

  if (name !== null) {
    return (
      <div className={styles.form}>
        {alert}
        <Button look="primary" disabled={busy} onClick={() => void accept({})}>
          {busy ? t("join.busy") : t("join.join_as", { name })}
        </Button>
      </div>
    );
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <p className={styles.hint}>{t("join.make_account")}</p>
      <TextField
        label={t("join.display_name")}
        name="display_name"
        autoComplete="name"
        required
        autoFocus
        error={fieldError(fields, "display_name")}
      />
      <TextField
        label={t("join.username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        required
        error={fieldError(fields, "username")}
      />
      <TextField
        label={t("join.password")}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        required
        help={t("join.password_help")}
        error={fieldError(fields, "password")}
      />
      {alert}
      <Button type="submit" look="primary" disabled={busy}>
        {busy ? t("join.busy") : t("join.submit")}
      </Button>
      <Link className={styles.hint} to={`/sign-in?next=${encodeURIComponent(`/join/${token}`)}`}>
        {t("join.have_account")}
      </Link>
    </form>
  );
}

function fieldError(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(String).join(" ") : undefined;
}
