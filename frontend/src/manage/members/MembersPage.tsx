import { Badge, Button, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { type Schemas, server } from "@/api/client";
import { useMe } from "@/api/queries";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Confirm } from "@/manage/parts/Confirm";
import { Notice } from "@/manage/parts/Notice";
import { PageHead, Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { membersQuery } from "@/manage/queries";

import { AddKnown } from "./AddKnown";
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
        <AddKnown project={project.id} />
        <InviteMany project={project.id} />
        <Invitations project={project.id} />
        <Section title={t("members.people")}>
          <Loaded query={query}>
            {(members) => (
              <>
                <TooFew project={project} members={members} />
                <People members={members} project={project.id} />
              </>
            )}
          </Loaded>
        </Section>
      </Stack>
    </>
  );
}

interface TooFewProps {
  project: Schemas["Project"];
  members: readonly Schemas["Member"][];
}

/** Before anybody is stuck: fewer people than an item needs, or nobody to spare for what is rejected. */
function TooFew({ project, members }: TooFewProps) {
  const { t } = useTranslation("manage");
  const there = members.filter(({ role }) => role === "annotator").length;
  const { overlap, review_rate: rate } = project;
  if (there === 0 || there > overlap || (there === overlap && rate === 0)) return null;
  return (
    <Notice color={there < overlap ? "orange" : "gray"}>
      {t(there < overlap ? "members.too_few" : "members.none_to_spare", { count: there, overlap })}
    </Notice>
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
