import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, server } from "@/api/client";
import { OnceShown } from "@/manage/parts/OnceShown";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";

import { EVENTS, type WebhookEvent, webhooksQuery, wordOf } from "./queries";

const USUAL: readonly WebhookEvent[] = ["batch.signed_off", "export.done", "project.done"];

export function NewWebhook({ project }: { project: number }) {
  const { t } = useTranslation("webhooks");
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<string[]>([...USUAL]);
  const add = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/webhooks", {
          params: { path: { project_id: project } },
          body: { url: url.trim(), events: EVENTS.filter((event) => events.includes(event)) },
        }),
      ),
    onSuccess: async () => {
      setUrl("");
      await client.invalidateQueries({ queryKey: webhooksQuery(project).queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Section title={t("add")} note={t("note")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t("url")}
            placeholder="https://"
            type="url"
            value={url}
            required
            maxLength={500}
            maw={560}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
          <Checkbox.Group label={t("events_label")} value={events} onChange={setEvents}>
            <Stack gap={6} mt={6}>
              {EVENTS.map((event) => (
                <Checkbox key={event} value={event} label={t(`events.${wordOf(event)}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Group>
            <Button type="submit" loading={add.isPending} disabled={url.trim() === "" || events.length === 0}>
              {t("add")}
            </Button>
          </Group>
          {add.isError && <Failed error={add.error} />}
          {add.data && (
            <OnceShown
              title={t("secret_title", { url: add.data.url })}
              note={t("secret_note")}
              secret={add.data.secret}
              onDismiss={() => add.reset()}
            />
          )}
        </Stack>
      </form>
    </Section>
  );
}
