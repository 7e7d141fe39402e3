import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { Navigate, Outlet, useLocation } from "react-router";

import { useErrorText } from "@/api/errorText";
import { meQuery } from "@/api/queries";
import { speak } from "@/i18n";
import { Button } from "@/ui/Button";
import { Message } from "@/ui/Message";

import { sendLeftovers } from "./leftovers";
import { Loading } from "./Loading";

const SETTINGS = "/settings";

/** Lets signed-in people through, in their own language; sends others to sign in and back. */
export function SignedIn() {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const location = useLocation();
  const me = useQuery(meQuery);
  const language = me.data?.language;

  const id = me.data?.id;

  useEffect(() => {
    if (language) void speak(language);
  }, [language]);

  useEffect(() => {
    if (id !== undefined) void sendLeftovers(id);
  }, [id]);

  if (me.isPending) return <Loading />;
  // Nothing but the settings is answered before.
  if (me.data?.second_factor_due && location.pathname !== SETTINGS) {
    return <Navigate to={SETTINGS} replace />;
  }
  if (me.data) return <Outlet />;
  if (me.error) {
    return (
      <Message title={t("name")} text={text(me.error)}>
        <Button look="primary" onClick={() => void me.refetch()}>
          {t("retry")}
        </Button>
      </Message>
    );
  }
  const from = location.pathname + location.search;
  return <Navigate to={`/sign-in?next=${encodeURIComponent(from)}`} replace />;
}
