import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { type Schemas, server } from "@/api/client";
import { meQuery, useMe } from "@/api/queries";
import { Failed, Loaded } from "@/manage/parts/states";

import { type Account, holdingsQuery, PEOPLE } from "./queries";

export type What = "end_sessions" | "reset_second_factor" | "deactivate" | "activate";

export interface Doing {
  what: What;
  account: Account;
}

/** Says what it will do to the account, and does it. */
export function AccountDialog({ what, account, onClose }: Doing & { onClose: () => void }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const me = useMe();
  const name = account.display_name || account.username;
  const act = useMutation({
    mutationFn: () => send(what, account.id),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: PEOPLE });
      // One's own sessions may have been among those that ended.
      if (account.id === me.id) await client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t(`people.${what}_title`, { name })} centered>
      <Stack gap="md">
        <Text size="sm">{t(`people.${what}_text`)}</Text>
        {what === "deactivate" && <WhatEnds account={account} />}
        {act.isError && <Failed error={act.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t("cancel")}
          </Button>
          <Button
            {...(what === "activate" ? {} : { color: "red.9" })}
            loading={act.isPending}
            onClick={() => act.mutate()}
          >
            {t(`people.${what}`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const ENDS = ["sessions", "tokens", "assignments", "reviews", "invitations"] as const;

function WhatEnds({ account }: { account: Account }) {
  const { t } = useTranslation("manage");
  const query = useQuery(holdingsQuery(account.id));
  return (
    <Loaded query={query} rows={2}>
      {(holdings: Schemas["AccountHoldings"]) => {
        const some = ENDS.filter((kind) => holdings[kind] > 0);
        if (some.length === 0) return <Text size="sm">{t("people.ends_nothing")}</Text>;
        return (
          <div>
            <Text size="sm">{t("people.ends")}</Text>
            <List size="sm">
              {some.map((kind) => (
                <List.Item key={kind}>{t(`people.ends_${kind}`, { count: holdings[kind] })}</List.Item>
              ))}
            </List>
          </div>
        );
      }}
    </Loaded>
  );
}

function send(what: What, account: number) {
  const params = { params: { path: { user_id: account } } };
  switch (what) {
    case "end_sessions":
      return server.POST("/people/{user_id}/end-sessions", params);
    case "reset_second_factor":
      return server.POST("/people/{user_id}/reset-second-factor", params);
    case "deactivate":
      return server.POST("/people/{user_id}/deactivate", params);
    case "activate":
      return server.POST("/people/{user_id}/activate", params);
  }
}
