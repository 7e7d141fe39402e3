import { Anchor, Badge, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Removals } from "@/manage/lifecycle/Removals";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";
import { batchesQuery, isWorking } from "@/manage/queries";
import { NextRound } from "@/manage/rounds/NextRound";
import { Link } from "@/ui/Link";

import { DiscardUpload } from "./DiscardUpload";
import { JobBadge } from "./JobBadge";
import { NewUpload } from "./NewUpload";
import { shownProgress } from "./progress";
import { RunningUploads } from "./RunningUploads";
import { batchesCsv } from "./tables";
import { UnfinishedUploads } from "./UnfinishedUploads";
import { VERDICT_COLOURS } from "./verdicts";

export function BatchesPage() {
  const { t } = useTranslation("manage");
  const { t: tLoop } = useTranslation("loop");
  const project = useProject();
  const query = useQuery(batchesQuery(project.id));
  const batches = query.data ?? [];
  return (
    <>
      <PageHead title={t("batches.title")}>
        <Anchor component={Link} to={`/projects/${project.id}/groups`} size="sm">
          {tLoop("link")}
        </Anchor>
      </PageHead>
      <Stack gap="md">
        {project.state !== "archived" && <NewUpload project={project} />}
        <NextRound />
        <RunningUploads project={project.id} />
        <UnfinishedUploads project={project.id} batches={batches} />
        <Removals project={project.id} />
        <WorkerNotice waiting={batches.some(isWorking)} />
        <Section
          title={t("batches.list")}
          actions={
            batches.length > 0 && (
              <SaveMenu
                title={t("batches.list")}
                name={`batches-${project.id}`}
                tables={{ csv: () => batchesCsv(batches) }}
              />
            )
          }
        >
          <Loaded query={query}>
            {(all) =>
              all.length === 0 ? (
                <Empty title={t("batches.empty_title")}>{t("batches.empty")}</Empty>
              ) : (
                <BatchTable batches={all} />
              )
            }
          </Loaded>
        </Section>
      </Stack>
    </>
  );
}

function BatchTable({ batches }: { batches: readonly Schemas["Batch"][] }) {
  const { t } = useTranslation("manage");
  return (
    <Table.ScrollContainer type="native" minWidth={820}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("batches.col_name")}</Table.Th>
            <Table.Th>{t("batches.col_state")}</Table.Th>
            <Table.Th ta="right">{t("batches.col_items")}</Table.Th>
            <Table.Th ta="right">{t("batches.col_images")}</Table.Th>
            <Table.Th ta="right">{t("batches.col_problems")}</Table.Th>
            <Table.Th ta="right">{t("batches.col_measured")}</Table.Th>
            <Table.Th>{t("batches.col_verdict")}</Table.Th>
            <Table.Th>{t("batches.col_created")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {batches.map((batch) => (
            <BatchRow key={batch.id} batch={batch} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function BatchRow({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation("manage");
  const { t: tVerdict } = useTranslation("signoff");
  const format = useFormat();
  const { done, total } = batch.measured;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/projects/${batch.project}/batches/${batch.id}`} fw={600} fz="sm">
          {batch.name || batch.filename}
        </Anchor>
        {batch.name !== "" && batch.filename !== "" && batch.name !== batch.filename && (
          <Text size="xs" c="dimmed">
            {batch.filename}
          </Text>
        )}
        {batch.step !== null && (
          <Text size="xs" c="dimmed">
            {t("batches.at_step", { step: format.integer(batch.step) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <JobBadge state={batch.state} progress={shownProgress(batch)} />
          <DiscardUpload batch={batch} />
        </Group>
      </Table.Td>
      <Table.Td ta="right">{format.integer(batch.items)}</Table.Td>
      <Table.Td ta="right">{format.integer(batch.images)}</Table.Td>
      <Table.Td ta="right" {...(batch.problem_count > 0 ? { c: "red.8", fw: 600 } : {})}>
        {format.integer(batch.problem_count)}
      </Table.Td>
      <Table.Td ta="right">{total === 0 ? t("none") : format.percent(Math.floor((100 * done) / total) / 100)}</Table.Td>
      <Table.Td>
        <Badge color={VERDICT_COLOURS[batch.verdict]}>{tVerdict(`verdict.${batch.verdict}`)}</Badge>
        <Text size="xs" c="dimmed">
          {t("batches.drawn", { count: batch.sampled })}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{format.dateTime(batch.created_at)}</Text>
        <Text size="xs" c="dimmed">
          {t("batches.by", { name: batch.created_by.display_name || batch.created_by.username })}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
