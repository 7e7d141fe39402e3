import { Button, Checkbox, Group, Progress, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, server } from "@/api/client";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";

import { MissingWeights } from "./MissingWeights";
import { ARROWS, directionKey, useDescription } from "./metricText";
import {
  isMeasuring,
  type MeasuringProgress,
  type Metric,
  of,
  type Reference,
  setsQuery,
} from "./queries";
import { useReferenceName } from "./useReferenceName";

interface Props {
  metrics: readonly Metric[];
  references: readonly Reference[];
  project: number;
  progress: MeasuringProgress | undefined;
}

/** Chooses measures of sets and what to compare with, and asks for them. */
export function AskSets({ metrics, references, project, progress }: Props) {
  const { t } = useTranslation("metrics");
  const nameOf = useReferenceName();
  const describe = useDescription();
  const client = useQueryClient();
  const [names, setNames] = useState<string[]>([]);
  const [reference, setReference] = useState<string | null>(
    references[0] ? String(references[0].id) : null,
  );
  const against = references.find(({ id }) => String(id) === reference) ?? null;
  const ask = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/sets", {
          ...of(project),
          body: { metrics: names, reference: against?.id ?? null },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: setsQuery(project).queryKey }),
  });
  const ready = metrics.filter((metric) => metric.available);
  const others = metrics.filter((metric) => !metric.available);
  const needsReference = (metric: Metric) => metric.needs.includes("reference");
  const missing =
    against === null && metrics.some((one) => names.includes(one.name) && needsReference(one));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Checkbox.Group value={names} onChange={setNames} label={t("sets.which")}>
          <Stack gap={8} mt={6}>
            {ready.map((metric) => (
              <Checkbox
                key={metric.name}
                value={metric.name}
                label={`${metric.name} ${ARROWS[directionKey(metric.direction)]}`}
                description={describe(metric)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {others.length > 0 && (
          <details>
            <Text component="summary" size="sm">
              {t("sets.others", { names: others.map(({ name }) => name).join(", ") })}
            </Text>
            <MissingWeights metrics={others} />
          </details>
        )}
        <Select
          maw={420}
          label={t("sets.against")}
          description={against?.zero_shot ? t("sets.zero_shot_note") : undefined}
          placeholder={t("sets.no_reference")}
          value={reference}
          clearable
          data={references.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
          onChange={setReference}
          error={missing ? t("sets.wants_reference") : undefined}
        />
        {ask.isError && <Failed error={ask.error} />}
        <Group gap="sm">
          <Button type="submit" loading={ask.isPending} disabled={names.length === 0 || missing}>
            {t("sets.start")}
          </Button>
          {ask.isSuccess && (
            <Text size="sm" role="status">
              {t("sets.asked", { count: ask.data.sets })}
            </Text>
          )}
        </Group>
        {progress && progress.total > 0 && <HowFar progress={progress} />}
      </Stack>
    </form>
  );
}

function HowFar({ progress }: { progress: MeasuringProgress }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const { done, failed, total } = progress;
  if (!isMeasuring(progress)) return null;
  return (
    <div>
      <WorkerNotice waiting />
      <Progress.Root mb={6}>
        <Progress.Section aria-label={t("sets.title")} value={(100 * done) / total} color="blue" animated />
        <Progress.Section aria-label={t("sets.title")} value={(100 * failed) / total} color="red" />
      </Progress.Root>
      <Text size="sm" role="status">
        {t("sets.progress", { done: format.integer(done), total: format.integer(total) })}
      </Text>
    </div>
  );
}
