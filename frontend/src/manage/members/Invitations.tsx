import { Button, Table } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { type Schemas, server } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { invitationsQuery } from "@/manage/queries";

/** The invitations that may still be used; nothing is shown when there are none. */
export function Invitations({ project }: { project: number }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const client = useQueryClient();
  const query = useQuery(invitationsQuery(project));
  const revoke = useMutation({
    mutationFn: (invitation: Schemas["Invitation"]) =>
      server.DELETE("/invitations/{invitation}", {
        params: { path: { invitation: String(invitation.id) } },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsQuery(project).queryKey }),
  });
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const open = (query.data ?? []).filter((invitation) => invitation.used_at === null);
  if (open.length === 0) return null;
  return (
    <Section title={t("members.open")}>
      {revoke.isError && <Failed error={revoke.error} />}
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("members.for")}</Table.Th>
            <Table.Th>{t("members.role")}</Table.Th>
            <Table.Th>{t("members.expires")}</Table.Th>
            <Table.Th>
              <span className="visually-hidden">{t("members.actions")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {open.map((invitation) => (
            <Table.Tr key={invitation.id}>
              <Table.Td>{invitation.note || t("none")}</Table.Td>
              <Table.Td>{t(`members.roles.${invitation.role}`)}</Table.Td>
              <Table.Td>{format.dateTime(invitation.expires_at)}</Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={revoke.isPending && revoke.variables.id === invitation.id}
                  onClick={() => revoke.mutate(invitation)}
                >
                  {t("members.revoke")}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
