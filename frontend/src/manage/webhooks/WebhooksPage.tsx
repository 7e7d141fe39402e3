import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";

import { NewWebhook } from "./NewWebhook";
import { webhooksQuery } from "./queries";
import { WebhookCard } from "./WebhookCard";

export function WebhooksPage() {
  const { t } = useTranslation("webhooks");
  const project = useProject();
  const query = useQuery(webhooksQuery(project.id));
  return (
    <>
      <PageHead title={t("title")} />
      <Stack gap="md">
        <NewWebhook project={project.id} />
        <Loaded query={query}>
          {(webhooks) =>
            webhooks.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t("empty")}
              </Text>
            ) : (
              <Stack gap="md">
                {webhooks.map((webhook) => (
                  <WebhookCard key={webhook.id} webhook={webhook} project={project.id} />
                ))}
              </Stack>
            )
          }
        </Loaded>
      </Stack>
    </>
  );
}
