import { Button, Group, Progress, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { type Schemas, server } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { removalsQuery } from "./queries";

type Removal = Schemas["Removal"];

/** What one has deleted of a project and is not gone yet; nothing is shown when there is none. */
export function Removals({ project }: { project: number }) {
  const { t } = useTranslation("running");
  const client = useQueryClient();
  const { data = [] } = useQuery(removalsQuery);
  const ours = data.filter((removal) => removal.project_id === project);
  const before = useRef(0);
  useEffect(() => {
    if (ours.length < before.current) {
      void client.invalidateQueries({ queryKey: ["project", project] });
    }
    before.current = ours.length;
  }, [ours.length, client, project]);
  if (ours.length === 0) return null;
  return (
    <Section title={t("removal.under_way")}>
      {ours.map((removal) => (
        <Line key={removal.id} removal={removal} />
      ))}
    </Section>
  );
}

function Line({ removal }: { removal: Removal }) {
  const { t } = useTranslation("running");
  const format = useFormat();
  const reason = useReason();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () =>
      server.POST("/removals/{removal_id}/retry", { params: { path: { removal_id: removal.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: removalsQuery.queryKey }),
  });
  const { name, state, done, total, error } = removal;
  return (
    <div>
      <Group justify="space-between">
        <Text size="sm" fw={550}>
          {name}
        </Text>
        {state === "failed" && (
          <Button size="compact-xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
            {t("removal.retry")}
          </Button>
        )}
      </Group>
      <Progress
        value={total === 0 ? 0 : (100 * done) / total}
        color={state === "failed" ? "red" : "blue"}
        animated={state === "running"}
        aria-label={`${t("removal.under_way")}: ${name}`}
        my={4}
      />
      <Text size="xs" c={state === "failed" ? "red.9" : "dimmed"} role="status">
        {state === "failed" && `${t("removal.failed")}. `}
        {error
          ? reason(error)
          : state === "requested" && done === 0
            ? t("removal.beginning")
            : t("removal.progress", { done: format.integer(done), total: format.integer(total) })}
      </Text>
    </div>
  );
}
