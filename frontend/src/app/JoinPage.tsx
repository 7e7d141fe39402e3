import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";
import { Navigate, useParams } from "react-router";

import { answer, server } from "@/api/client";
import { meQuery } from "@/api/queries";
import { buttonClass } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { Message } from "@/ui/Message";

import { Card } from "./Card";
import { JoinAsMyself } from "./JoinAsMyself";
import styles from "./JoinPage.module.css";
import { JoinWithNewAccount } from "./JoinWithNewAccount";
import { Loading } from "./Loading";

/** Accepting an invitation: as a new person, or as the one who is signed in. */
export function JoinPage() {
  const { t } = useTranslation("app");
  const { token = "" } = useParams();
  const me = useQuery(meQuery);
  const welcome = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/invitations/{invitation}", { params: { path: { invitation: token } }, signal }),
      ),
    retry: false,
  });

  if (me.data?.second_factor_due) return <Navigate to="/settings" replace />;
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
      {me.data ? (
        <JoinAsMyself token={token} name={me.data.display_name || me.data.username} />
      ) : (
        <JoinWithNewAccount token={token} />
      )}
    </Card>
  );
}
