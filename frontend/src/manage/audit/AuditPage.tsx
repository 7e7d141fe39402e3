import { Button, Group, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useMe } from "@/api/queries";
import { Frame } from "@/manage/frame/Frame";
import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Failed, Loading } from "@/manage/parts/states";

import { ActionTable } from "./ActionTable";
import { Filters } from "./Filters";
import { actionsQuery, ANYTHING, fileAddress } from "./queries";

/** Who did what in a project. */
export function AuditPage() {
  const { t } = useTranslation("running");
  return (
    <>
      <PageHead title={t("audit.title")} />
      <Actions project={useProject().id} />
    </>
  );
}

/** The same of the whole site, for its leads. */
export function SiteAudit() {
  const { t } = useTranslation("running");
  const allowed = useMe().can_create_projects;
  return (
    <Frame>
      <PageHead title={t("audit.site_title")} />
      {allowed ? <Actions project={null} /> : <Empty title={t("audit.not_yours")} />}
    </Frame>
  );
}

function Actions({ project }: { project: number | null }) {
  const { t } = useTranslation(["running", "actions"]);
  const [chosen, setChosen] = useState(ANYTHING);
  const query = useInfiniteQuery(actionsQuery(project, chosen));
  const actions = query.data?.pages.flatMap((page) => page.actions) ?? [];
  const people = query.data?.pages[0]?.people ?? [];
  const isAll = chosen === ANYTHING;
  return (
    <Section
      title={t("audit.list")}
      note={t("audit.note")}
      actions={<Downloads project={project} chosen={chosen} />}
    >
      <Filters project={project} chosen={chosen} people={people} onChange={setChosen} />
      {query.isPending && <Loading rows={6} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && actions.length === 0 && (
        <Empty title={t(isAll ? "audit.empty" : "audit.empty_filtered")} />
      )}
      {actions.length > 0 && <ActionTable actions={actions} ofSite={project === null} />}
      {query.hasNextPage && (
        <Stack align="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("audit.more")}
          </Button>
        </Stack>
      )}
    </Section>
  );
}

function Downloads({ project, chosen }: { project: number | null; chosen: typeof ANYTHING }) {
  const { t } = useTranslation("running");
  return (
    <Group gap="xs" wrap="nowrap">
      {(["csv", "jsonl"] as const).map((as) => (
        <Button
          key={as}
          component="a"
          href={fileAddress(project, chosen, as)}
          download
          size="compact-sm"
          variant="default"
          aria-label={`${t("audit.download")}: ${t(`audit.${as}`)}`}
        >
          {t(`audit.${as}`)}
        </Button>
      ))}
    </Group>
  );
}
