import { Button, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { type Schemas, server } from "@/api/client";
import { useMe } from "@/api/queries";
import { Confirm } from "@/manage/parts/Confirm";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { tokensQuery } from "@/manage/queries";

import { NewToken } from "./NewToken";

export function Tokens() {
  const { t } = useTranslation("manage");
  const query = useQuery(tokensQuery);
  return (
    <Section title={t("settings.tokens")} note={t("settings.tokens_note")}>
      <NewToken />
      <Loaded query={query}>
        {(tokens) =>
          tokens.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t("settings.tokens_empty")}
            </Text>
          ) : (
            <TokenTable tokens={tokens} />
          )
        }
      </Loaded>
    </Section>
  );
}

function TokenTable({ tokens }: { tokens: readonly Schemas["Token"][] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const client = useQueryClient();
  const [ending, setEnding] = useState<Schemas["Token"] | null>(null);
  const revoke = useMutation({
    mutationFn: (token: Schemas["Token"]) =>
      server.DELETE("/tokens/{token_id}", { params: { path: { token_id: token.id } } }),
    onSuccess: async () => {
      setEnding(null);
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
  });
  const { projects } = useMe();
  const where = (id: number | null) =>
    id === null
      ? t("settings.token_every_project")
      : (projects.find((project) => project.id === id)?.name ?? t("settings.token_project_number", { id }));
  const when = (instant: string | null) => (instant === null ? t("never") : format.date(instant));
  return (
    <>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("settings.token_col_name")}</Table.Th>
            <Table.Th>{t("settings.token_scope")}</Table.Th>
            <Table.Th>{t("settings.token_project")}</Table.Th>
            <Table.Th>{t("settings.token_created")}</Table.Th>
            <Table.Th>{t("settings.token_expires")}</Table.Th>
            <Table.Th>{t("settings.token_used")}</Table.Th>
            <Table.Th>
              <span className="visually-hidden">{t("members.actions")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <Table.Tr key={token.id}>
              <Table.Td>{token.name}</Table.Td>
              <Table.Td>{t(`settings.token_scopes.${token.scope}`)}</Table.Td>
              <Table.Td>{where(token.project_id)}</Table.Td>
              <Table.Td>{format.date(token.created_at)}</Table.Td>
              <Table.Td>{when(token.expires_at)}</Table.Td>
              <Table.Td>{when(token.last_used_at)}</Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${t("settings.token_revoke")}: ${token.name}`}
                  onClick={() => setEnding(token)}
                >
                  {t("settings.token_revoke")}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {ending && (
        <Confirm
          title={t("settings.token_revoke_title", { name: ending.name })}
          text={t("settings.token_revoke_text")}
          yes={t("settings.token_revoke")}
          busy={revoke.isPending}
          error={revoke.error}
          onYes={() => revoke.mutate(ending)}
          onClose={() => {
            setEnding(null);
            revoke.reset();
          }}
        />
      )}
    </>
  );
}
