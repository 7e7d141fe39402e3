import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { knownPeopleQuery, membersQuery } from "@/manage/queries";

import { RoleSelect } from "./RoleSelect";

/** Gives somebody of the lead's other projects, or of this one, a role here; nobody has to follow a link. */
export function AddKnown({ project }: { project: number }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const { data: known = [] } = useQuery(knownPeopleQuery(project));
  const [person, setPerson] = useState<string | null>(null);
  const [role, setRole] = useState<Schemas["Role"]>("annotator");
  const add = useMutation({
    mutationFn: (user: number) =>
      answer(
        server.POST("/projects/{project_id}/members", {
          params: { path: { project_id: project } },
          body: { user, role },
        }),
      ),
    onSuccess: () => {
      setPerson(null);
      return client.invalidateQueries({ queryKey: membersQuery(project).queryKey });
    },
  });
  const open = known.filter(({ roles }) => !roles.includes(role));
  if (known.length < 2) return null;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (person !== null) add.mutate(Number(person));
  };
  return (
    <Section title={t("members.add")} note={t("members.add_note")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <Select
              label={t("members.person")}
              placeholder={t("members.person_placeholder")}
              value={open.some(({ id }) => `${id}` === person) ? person : null}
              w={300}
              searchable
              nothingFoundMessage={t("members.nobody_known")}
              data={open.map(({ id, username, display_name: name }) => ({
                value: `${id}`,
                label: name && name !== username ? `${name} (${username})` : username,
              }))}
              onChange={setPerson}
            />
            <RoleSelect label={t("members.add_as")} value={role} onChange={setRole} />
            <Button type="submit" disabled={person === null} loading={add.isPending}>
              {t("members.add_yes")}
            </Button>
          </Group>
          {add.isError && <Failed error={add.error} />}
          {add.data && (
            <Text size="sm" role="status">
              {t("members.added", {
                name: add.data.user.display_name || add.data.user.username,
                role: t(`members.roles.${add.data.role}`),
              })}
            </Text>
          )}
        </Stack>
      </form>
    </Section>
  );
}
