import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useMe } from "@/api/queries";
import { Frame } from "@/manage/frame/Frame";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Failed, Loading } from "@/manage/parts/states";

import { AccountTable } from "./AccountTable";
import { accountsQuery } from "./queries";

const TYPING_MS = 250;

/** Everybody with an account here, for the site's leads. */
export function PeoplePage() {
  const { t } = useTranslation("manage");
  const allowed = useMe().can_create_projects;
  return (
    <Frame>
      <PageHead title={t("people.title")} />
      {allowed ? <People /> : <Empty title={t("people.not_yours")} />}
    </Frame>
  );
}

function People() {
  const { t } = useTranslation("manage");
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const query = useInfiniteQuery(accountsQuery(search));
  const accounts = query.data?.pages.flatMap((page) => page.accounts) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <Section title={t("people.accounts")} note={t("people.note")}>
      <Group justify="space-between" align="flex-end">
        <TextInput
          type="search"
          label={t("people.search")}
          placeholder={t("people.search_placeholder")}
          value={typed}
          w={300}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {query.data && (
          <Text size="sm" c="dimmed" role="status">
            {t("people.count", { count: total })}
          </Text>
        )}
      </Group>
      {query.isPending && <Loading rows={5} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && accounts.length === 0 && (
        <Empty title={t("people.nobody", { search })}>{t("people.nobody_hint")}</Empty>
      )}
      {accounts.length > 0 && <AccountTable accounts={accounts} />}
      {query.hasNextPage && (
        <Stack align="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("people.more")}
          </Button>
        </Stack>
      )}
    </Section>
  );
}
