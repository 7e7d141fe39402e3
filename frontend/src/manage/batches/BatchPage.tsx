import { Anchor, Group, Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams } from "react-router";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Notice } from "@/manage/parts/Notice";
import { PageHead, Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";
import { batchQuery, isWorking } from "@/manage/queries";
import { Link } from "@/ui/Link";

import { BatchActions } from "./BatchActions";
import { Fetching } from "./Fetching";
import { JobBadge } from "./JobBadge";
import { Problems } from "./Problems";
import { shownProgress } from "./progress";
import { Qc } from "./Qc";
import { Recognised } from "./Recognised";
import { Verdict } from "./Verdict";

export function BatchPage() {
  const { t } = useTranslation("manage");
  const project = useProject();
  const query = useQuery(batchQuery(Number(useParams().batchId)));
  return (
    <>
      <Anchor component={Link} to={`/projects/${project.id}/batches`} fz="sm">
        ← {t("batch.back")}
      </Anchor>
      <Loaded query={query}>{(batch) => <BatchView batch={batch} />}</Loaded>
    </>
  );
}

function BatchView({ batch }: { batch: Schemas["BatchWithProblems"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const reason = useReason();
  const who = batch.created_by.display_name || batch.created_by.username;
  return (
    <>
      <PageHead title={batch.name || batch.filename}>
        <JobBadge state={batch.state} progress={shownProgress(batch)} />
      </PageHead>
      <Stack gap="md">
        <Text size="sm" c="dimmed" mt={-12}>
          {batch.filename} · {format.dateTime(batch.created_at)}
          {` · ${t("batches.by", { name: who })}`}
        </Text>
        <BatchActions batch={batch} />
        <WorkerNotice waiting={isWorking(batch)} />
        {batch.error && (
          <Notice
            color={isWorking(batch) ? "orange" : "red"}
            role="alert"
            title={t(isWorking(batch) ? "batch.waits" : "batch.failed")}
          >
            {reason(batch.error)}
          </Notice>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Ingest batch={batch} />
          <Measuring batch={batch} />
        </SimpleGrid>
        {batch.state === "done" && <Verdict batch={batch} />}
        <Qc batch={batch} />
        <Problems batch={batch} />
      </Stack>
    </>
  );
}

function Ingest({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { done, total } = batch.progress;
  return (
    <Section title={t("batch.reading")}>
      <Progress
        value={share(done, total)}
        color={batch.state === "failed" ? "red" : batch.state === "done" ? "green" : "blue"}
        animated={batch.state === "running"}
        aria-label={t("batch.reading")}
      />
      <Text size="sm" role="status">
        {batch.state === "requested" && batch.images_named === null
          ? t("batch.waiting")
          : t("batch.reading_note", { done: format.integer(done), total: format.integer(total) })}
      </Text>
      <Recognised dataset={batch.dataset} />
      {batch.images_named !== null && <Fetching batch={batch} total={batch.images_named} />}
      <Group gap="xl">
        <Count label={t("batch.items")} value={batch.items} />
        <Count label={t("batch.images")} value={batch.images} />
        <Count label={t("batch.sampled")} value={batch.sampled} />
      </Group>
      {batch.single > 0 && (
        <Text size="sm">
          {t("batch.single", { count: batch.single, items: format.integer(batch.items) })}
        </Text>
      )}
    </Section>
  );
}

function Measuring({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { done, failed, total } = batch.measured;
  const finished = total > 0 && done + failed >= total;
  return (
    <Section title={t("batch.measuring")}>
      <Progress.Root>
        <Progress.Section
          aria-label={t("batch.measuring")}
          value={share(done, total)}
          color={finished ? "green" : "blue"}
          animated={!finished && total > 0}
        />
        <Progress.Section aria-label={t("batch.measuring")} value={share(failed, total)} color="red" />
      </Progress.Root>
      <Text size="sm" role="status">
        {t("batch.measuring_note", { done: format.integer(done), total: format.integer(total) })}
        {failed > 0 && (
          <Text span c="red.8">
            {" · "}
            {t("batch.measuring_failed", { count: failed })}
          </Text>
        )}
      </Text>
      <Anchor component={Link} to={`/projects/${batch.project}/measurements`} fz="sm" underline="always">
        {t("batch.to_measurements")}
      </Anchor>
    </Section>
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function Count({ label, value }: { label: string; value: number }) {
  const format = useFormat();
  return (
    <div>
      <Text size="xl" fw={650} lh={1.2}>
        {format.integer(value)}
      </Text>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </div>
  );
}
