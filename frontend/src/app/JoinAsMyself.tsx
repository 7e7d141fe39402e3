import { useTranslation } from "@/i18n/useTranslation";

import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/Button";

import { Form, Problem } from "./Form";
import { useJoin } from "./useJoin";

/** For who is signed in already: one button. */
export function JoinAsMyself({ token, name }: { token: string; name: string }) {
  const { t } = useTranslation("app");
  const text = useErrorText();
  const join = useJoin(token);
  return (
    <Form onSubmit={() => join.mutate({})}>
      <Problem>{join.error === null ? null : text(join.error)}</Problem>
      <Button type="submit" look="primary" disabled={join.isPending}>
        {join.isPending ? t("join.busy") : t("join.join_as", { name })}
      </Button>
    </Form>
  );
}
