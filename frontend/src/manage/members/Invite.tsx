import { Button, Group, NumberInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { OnceShown } from "@/manage/parts/OnceShown";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { invitationsQuery } from "@/manage/queries";

import { RoleSelect } from "./RoleSelect";

export function Invite({ project }: { project: number }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [role, setRole] = useState<Schemas["Role"]>("annotator");
  const [days, setDays] = useState(7);
  const make = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/invitations", {
          params: { path: { project_id: project } },
          body: { role, expires_in_days: days },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsQuery(project).queryKey }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Section title={t("members.invite")} note={t("members.invite_note")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <RoleSelect label={t("members.role")} value={role} onChange={setRole} />
            <NumberInput
              label={t("members.days")}
              value={days}
              min={1}
              max={90}
              w={150}
              allowDecimal={false}
              onChange={(value) => setDays(Math.max(1, Number(value)))}
            />
            <Button type="submit" loading={make.isPending}>
              {t("members.make")}
            </Button>
          </Group>
          {make.isError && <Failed error={make.error} />}
          {make.data && (
            <OnceShown
              title={t("labelled", { name: t("members.link_title"), value: t(`members.roles.${make.data.role}`) })}
              note={t("members.link_note")}
              secret={new URL(make.data.url, window.location.origin).href}
              onDismiss={() => make.reset()}
            />
          )}
        </Stack>
      </form>
    </Section>
  );
}
