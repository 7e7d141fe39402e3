import { Badge, Button, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type Schemas, server } from "@/api/client";
import { useMe } from "@/api/queries";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Confirm } from "@/manage/parts/Confirm";
import { PageHead, Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { membersQuery } from "@/manage/queries";

import { Invitations } from "./Invitations";
import { Invite } from "./Invite";
import { InviteMany } from "./InviteMany";

export function MembersPage() {
  const { t } = useTranslation("manage");
  const project = useProject();
  const query = useQuery(membersQuery(project.id));
  return (
    <>
      <PageHead title={t("members.title")} />
      <Stack gap="md">
        <Invite project={project.id} />
        <InviteMany project={project.id} />
        <Invitations project={project.id} />
        <Section title={t("members.people")}>
          <Loaded query={query}>
            {(members) => <People members={members} project={project.id} />}
          </Loaded>
        </Section>
      </Stack>
    </>
  );
}

function People({ members, project }: { members: readonly Schemas["Member"][]; project: number }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [leaving, setLeaving] = useState<Schemas["Member"] | null>(null);
  const remove = useMutation({
    mutationFn: (member: Schemas["Member"]) =>
      server.DELETE("/members/{membership_id}", {
        params: { path: { membership_id: member.id } },
      }),
    onSuccess: async () => {
      setLeaving(null);
      await client.invalidateQueries({ queryKey: membersQuery(project).queryKey });
    },
  });
  if (members.length === 0) return <Text size="sm">{t("members.empty")}</Text>;
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("members.name")}</Table.Th>
            <Table.Th>{t("members.username")}</Table.Th>
            <Table.Th>{t("members.role")}</Table.Th>
            <Table.Th>{t("members.joined")}</Table.Th>
            <Table.Th>
              <span className="visually-hidden">{t("members.actions")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members.map((member) => (
            <Person key={member.id} member={member} onRemove={() => setLeaving(member)} />
          ))}
        </Table.Tbody>
      </Table>
      {leaving && (
        <Confirm
          title={t("members.remove_title", {
            name: leaving.user.display_name || leaving.user.username,
            role: t(`members.roles.${leaving.role}`),
          })}
          text={t("members.remove_text")}
          yes={t("members.remove_yes")}
          busy={remove.isPending}
          error={remove.error}
          onYes={() => remove.mutate(leaving)}
          onClose={() => {
            setLeaving(null);
            remove.reset();
          }}
        />
      )}
    </Table.ScrollContainer>
  );
}

function Person({ member, onRemove }: { member: Schemas["Member"]; onRemove: () => void }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const me = useMe();
  const { user, role, joined_at: joined } = member;
  return (
    <Table.Tr>
      <Table.Td>
        {user.display_name || user.username}{" "}
        {user.id === me.id && (
          <Badge size="sm" color="teal">
            {t("members.you")}
          </Badge>
        )}
      </Table.Td>
      <Table.Td c="dimmed">{user.username}</Table.Td>
      <Table.Td>{t(`members.roles.${role}`)}</Table.Td>
      <Table.Td>{format.date(joined)}</Table.Td>
      <Table.Td ta="right">
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${t("members.remove")}: ${user.username}, ${t(`members.roles.${role}`)}`}
          onClick={onRemove}
        >
          {t("members.remove")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
