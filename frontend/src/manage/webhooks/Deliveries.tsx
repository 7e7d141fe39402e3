import { Badge, Button, Code, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { Failed, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Deliveries.module.css";
import { deliveriesQuery, wordOf } from "./queries";

type Delivery = Schemas["Delivery"];

const COLOURS: Record<Delivery["state"], string> = {
  requested: "gray",
  running: "gray",
  done: "teal.9",
  failed: "red.9",
};

export function Deliveries({ webhook }: { webhook: number }) {
  const { t } = useTranslation("webhooks");
  const query = useQuery(deliveriesQuery(webhook));
  return (
    <Loaded query={query}>
      {(deliveries) =>
        deliveries.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t("no_messages")}
          </Text>
        ) : (
          <Table.ScrollContainer type="native" minWidth={720}>
            <Table fz="sm" aria-label={t("messages")} verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("message")}</Table.Th>
                  <Table.Th>{t("noted")}</Table.Th>
                  <Table.Th>{t("state")}</Table.Th>
                  <Table.Th>{t("tries")}</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">{t("actions")}</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {deliveries.map((delivery) => (
                  <DeliveryRow key={delivery.id} delivery={delivery} webhook={webhook} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Loaded>
  );
}

function DeliveryRow({ delivery, webhook }: { delivery: Delivery; webhook: number }) {
  const { t } = useTranslation("webhooks");
  const format = useFormat();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", {
          params: { path: { webhook_id: webhook, delivery_id: delivery.id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesQuery(webhook).queryKey }),
  });
  const over = delivery.state === "done" || delivery.state === "failed";
  const waits = delivery.state === "requested" && delivery.attempts.length > 0;
  return (
    <Table.Tr>
      <Table.Td>
        {t(`events.${wordOf(delivery.event)}`)}
        <details>
          <summary>{t("body")}</summary>
          <Code block className={styles.body ?? ""}>{delivery.body}</Code>
        </details>
      </Table.Td>
      <Table.Td className={styles.when ?? ""}>{format.dateTime(delivery.created_at)}</Table.Td>
      <Table.Td>
        <Badge color={COLOURS[delivery.state]} variant="light">
          {t(`states.${delivery.state}`)}
        </Badge>
      </Table.Td>
      <Table.Td>
        <Stack gap={2}>
          {delivery.attempts.map((attempt) => (
            <Attempt key={attempt.at} attempt={attempt} />
          ))}
          {waits && delivery.next_try_at !== null && (
            <Text size="xs">{t("next", { when: format.time(delivery.next_try_at) })}</Text>
          )}
          {again.isError && <Failed error={again.error} />}
        </Stack>
      </Table.Td>
      <Table.Td ta="right">
        {over && (
          <Button size="compact-xs" variant="default" loading={again.isPending} onClick={() => again.mutate()}>
            {t("again")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Attempt({ attempt }: { attempt: Schemas["Attempt"] }) {
  const { t } = useTranslation("webhooks");
  const format = useFormat();
  const reason = useReason();
  const { at, milliseconds, status, error } = attempt;
  return (
    <Text size="xs">
      {t("try", { when: format.dateTime(at), status: status ?? t("no_answer"), milliseconds })}
      {error !== null && ` · ${reason(error)}`}
    </Text>
  );
}
