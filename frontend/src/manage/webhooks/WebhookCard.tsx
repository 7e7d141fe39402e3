import { Badge, Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { Confirm } from "@/manage/parts/Confirm";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { Deliveries } from "./Deliveries";
import { deliveriesQuery, webhooksQuery, wordOf } from "./queries";

interface Props {
  webhook: Schemas["Webhook"];
  project: number;
}

export function WebhookCard({ webhook, project }: Props) {
  const { t } = useTranslation("webhooks");
  const format = useFormat();
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const params = { path: { webhook_id: webhook.id } };
  const again = () => client.invalidateQueries({ queryKey: webhooksQuery(project).queryKey });
  const ping = useMutation({
    mutationFn: () => answer(server.POST("/webhooks/{webhook_id}/ping", { params })),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesQuery(webhook.id).queryKey }),
  });
  const toggle = useMutation({
    mutationFn: () =>
      answer(
        server.PUT("/webhooks/{webhook_id}", {
          params,
          body: { url: webhook.url, events: webhook.events, is_active: !webhook.is_active },
        }),
      ),
    onSuccess: again,
  });
  const remove = useMutation({
    mutationFn: () => server.DELETE("/webhooks/{webhook_id}", { params }),
    onSuccess: again,
  });
  const events = webhook.events.map((event) => t(`events.${wordOf(event)}`)).join(" · ");
  return (
    <Section
      title={webhook.url}
      note={events}
      actions={
        <Group gap="xs" wrap="nowrap">
          {!webhook.is_active && <Badge color="gray">{t("off")}</Badge>}
          <Button size="xs" loading={ping.isPending} onClick={() => ping.mutate()}>
            {t("test")}
          </Button>
          <Button size="xs" variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
            {webhook.is_active ? t("switch_off") : t("switch_on")}
          </Button>
          <Button size="xs" variant="default" onClick={() => setRemoving(true)}>
            {t("remove")}
          </Button>
        </Group>
      }
    >
      {webhook.waits_until !== null && (
        <Text size="sm" c="orange.9">
          {t("waits", { when: format.dateTime(webhook.waits_until) })}
        </Text>
      )}
      {ping.isError && <Failed error={ping.error} />}
      {toggle.isError && <Failed error={toggle.error} />}
      <Deliveries webhook={webhook.id} />
      {removing && (
        <Confirm
          title={t("remove_title")}
          text={t("remove_text", { url: webhook.url })}
          yes={t("remove")}
          busy={remove.isPending}
          error={remove.error}
          onYes={() => remove.mutate()}
          onClose={() => {
            setRemoving(false);
            remove.reset();
          }}
        />
      )}
    </Section>
  );
}
