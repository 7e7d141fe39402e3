import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useNavigate } from "react-router";

import { answer, type Schemas, server } from "@/api/client";
import { meQuery } from "@/api/queries";
import { Failed } from "@/manage/parts/states";

interface Props {
  project: Schemas["Project"];
  onClose: () => void;
}

/** Asks for the copy's name, makes it and goes there. */
export function DuplicateDialog({ project, onClose }: Props) {
  const { t } = useTranslation("running");
  const { t: tManage } = useTranslation("manage");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(t("duplicate.name_of", { name: project.name }).slice(0, 200));
  const [people, setPeople] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/duplicate", {
          params: { path: { project_id: project.id } },
          body: { name, people },
        }),
      ),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      onClose();
      void navigate(`/projects/${made.id}`);
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t("duplicate.title", { name: project.name })} centered>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t("duplicate.name")}
            value={name}
            maxLength={200}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            {t("duplicate.takes")}
          </Text>
          <Checkbox
            label={t("duplicate.people")}
            checked={people}
            onChange={(event) => setPeople(event.currentTarget.checked)}
          />
          {make.isError && <Failed error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {tManage("cancel")}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t("duplicate.yes")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
