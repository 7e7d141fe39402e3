import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, server } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Section } from "@/manage/parts/Section";
import { Failed, Loaded } from "@/manage/parts/states";
import { Link } from "@/ui/Link";

import { type Group as GroupName, grouped, isChoosable } from "./groups";
import styles from "./ChoosePage.module.css";
import { ARROWS, directionKey, isNumeric, useDescription } from "./metricText";
import {
  catalogQuery,
  type ChosenMetrics,
  chosenQuery,
  measurementsKey,
  type Metric,
  of,
} from "./queries";
import { Unavailable } from "./Unavailable";
import { useMeasureNow } from "./useMeasureNow";

/** Which metrics a project's images are measured with. */
export function ChoosePage() {
  const project = useProject();
  const catalog = useQuery(catalogQuery);
  const chosen = useQuery(chosenQuery(project.id));
  return (
    <Loaded query={catalog} rows={6}>
      {(metrics) => (
        <Loaded query={chosen} rows={6}>
          {(saved) => (
            <Choice
              project={project.id}
              metrics={metrics}
              saved={saved}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface ChoiceProps {
  project: number;
  metrics: readonly Metric[];
  saved: ChosenMetrics;
}

function Choice({ project, metrics, saved }: ChoiceProps) {
  const { t } = useTranslation("metrics");
  const client = useQueryClient();
  const [chosen, setChosen] = useState(saved.chosen);
  const measure = useMeasureNow(project);
  const save = useMutation({
    mutationFn: () =>
      answer(server.PUT("/projects/{project_id}/metrics", { ...of(project), body: { chosen } })),
    onSuccess: async (body) => {
      await client.invalidateQueries({ queryKey: measurementsKey(project) });
      client.setQueryData(chosenQuery(project).queryKey, body);
    },
  });
  const changed = [...chosen].sort().join() !== [...saved.chosen].sort().join();
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {saved.by_default ? t("choose.by_default") : t("choose.chosen_note")}
      </Text>
      <Checkbox.Group value={chosen} onChange={setChosen} aria-label={t("pages.choose")}>
        <Stack gap="md">
          {grouped(metrics).map(([group, members]) => (
            <GroupOf key={group} group={group} metrics={members} project={project} />
          ))}
        </Stack>
      </Checkbox.Group>
      {saved.learnt.length > 0 && <Learnt metrics={saved.learnt} project={project} />}
      {save.isError && <Failed error={save.error} />}
      {measure.isError && <Failed error={measure.error} />}
      <div className={styles.actions}>
        <Text size="sm" role="status">
          {measure.isSuccess
            ? t("asked", { count: measure.data.images })
            : t("choose.count", { count: chosen.length })}
          {changed && ` · ${t("choose.unsaved")}`}
        </Text>
        <Group gap="xs">
          <Button
            variant="default"
            disabled={!changed}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t("choose.save")}
          </Button>
          <Button
            loading={save.isPending || measure.isPending}
            disabled={chosen.length === 0}
            onClick={() => {
              if (changed) save.mutate(undefined, { onSuccess: () => measure.mutate() });
              else measure.mutate();
            }}
          >
            {changed ? t("choose.save_and_measure") : t("measure_now")}
          </Button>
        </Group>
      </div>
    </Stack>
  );
}

function GroupOf({ group, metrics, project }: { group: GroupName; metrics: Metric[]; project: number }) {
  const { t } = useTranslation("metrics");
  const ready = metrics.filter((metric) => metric.available).length;
  return (
    <Section
      title={t(`groups.${group}`)}
      note={t(`groups.${group}_note`)}
      actions={
        <Group gap="sm" wrap="nowrap">
          {group !== "generator" && (
            <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
              {t("choose.ready", { ready, count: metrics.length })}
            </Text>
          )}
          {group === "set" && (
            <Button
              component={Link}
              to={`/projects/${project}/measurements/sets`}
              size="compact-sm"
              variant="default"
            >
              {t("choose.to_sets")}
            </Button>
          )}
        </Group>
      }
    >
      <ul className={styles.list}>
        {metrics.map((metric, place) => (
          <Offer key={metric.name} metric={metric} again={isNamedAbove(metrics.slice(0, place), metric)} />
        ))}
      </ul>
    </Section>
  );
}

/** The project's reward heads: nobody chooses them, they measure whatever comes. */
function Learnt({ metrics, project }: { metrics: readonly Metric[]; project: number }) {
  const { t } = useTranslation("metrics");
  const describe = useDescription();
  return (
    <Section
      title={t("choose.learnt")}
      note={t("choose.learnt_note")}
      actions={
        <Button
          component={Link}
          to={`/projects/${project}/reward-model`}
          size="compact-sm"
          variant="default"
        >
          {t("choose.to_model")}
        </Button>
      }
    >
      <ul className={styles.list}>
        {metrics.map((metric) => (
          <li key={metric.name} className={styles.offer}>
            <div className={styles.offerPlain}>
              <Text size="sm" fw={600}>
                {metric.name}
              </Text>
              <Text size="xs" c="dimmed">
                {describe(metric)}
              </Text>
            </div>
            <Text size="xs" c="dimmed" className={styles.offerFacts ?? ""}>
              {t("version", { version: metric.version })}
            </Text>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Whether the same weights were asked for just above. */
function isNamedAbove(above: readonly Metric[], { weights }: Metric): boolean {
  return weights !== null && above.some((other) => other.weights?.name === weights.name);
}

function Offer({ metric, again }: { metric: Metric; again: boolean }) {
  const { t } = useTranslation("metrics");
  const describe = useDescription();
  const direction = directionKey(metric.direction);
  const facts = [
    `${ARROWS[direction]} ${t(`direction.${direction}`)}`,
    metric.unit === "" || !isNumeric(metric) ? null : t("unit", { unit: metric.unit }),
    t("version", { version: metric.version }),
  ].filter((fact) => fact !== null);
  return (
    <li className={styles.offer}>
      {isChoosable(metric) ? (
        <Checkbox
          value={metric.name}
          disabled={!metric.available}
          label={metric.name}
          description={describe(metric)}
          classNames={{ label: styles.offerName ?? "", body: styles.offerBody ?? "" }}
        />
      ) : (
        <div className={styles.offerPlain}>
          <Text size="sm" fw={600}>
            {metric.name}
          </Text>
          <Text size="xs" c="dimmed">
            {describe(metric)}
          </Text>
        </div>
      )}
      <Text size="xs" c="dimmed" className={styles.offerFacts ?? ""}>
        {facts.join(" · ")}
      </Text>
      {!metric.available && metric.grain !== "generator" && (
        <div className={styles.offerWhy}>
          <Unavailable metric={metric} again={again} />
        </div>
      )}
    </li>
  );
}
