import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";
import { Navigate, useSearchParams } from "react-router";

import { useErrorText } from "@/api/errorText";
import { meQuery, waysInQuery } from "@/api/queries";
import { Button } from "@/ui/Button";

import { ByPassword } from "./ByPassword";
import { ByProvider } from "./ByProvider";
import { Card } from "./Card";
import { Problem } from "./Form";
import { Loading } from "./Loading";
import { safeNext } from "./next";

export function SignInPage() {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const [query] = useSearchParams();
  // Asked even here: it sets the CSRF cookie, and sends on whoever is signed in already.
  const me = useQuery(meQuery);
  const ways = useQuery(waysInQuery);
  const then = safeNext(query.get("next"));

  if (me.data) return <Navigate to={then} replace />;
  if (ways.isPending) return <Loading />;
  const { passwords, provider } = ways.data ?? { passwords: true, provider: null };
  return (
    <Card title={t("sign_in.title")}>
      {ways.isError && (
        <>
          <Problem>{text(ways.error)}</Problem>
          <Button onClick={() => void ways.refetch()}>{t("retry")}</Button>
        </>
      )}
      {provider !== null && (
        <ByProvider
          name={provider}
          then={then}
          refused={query.get("refused")}
          divided={passwords}
        />
      )}
      {passwords && <ByPassword first={provider === null} />}
    </Card>
  );
}
