import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { Outlet } from "react-router";

import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead } from "@/manage/parts/Section";
import { Failed, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";
import { NavLink } from "@/ui/Link";

import styles from "./MeasurementsFrame.module.css";
import {
  generatorMeansKey,
  isMeasuring,
  type MeasuringProgress,
  progressOfQuery,
} from "./queries";
import { useMeasureNow } from "./useMeasureNow";

/** What the pages of measurements share: their names, how far the measuring is, and its button. */
export function MeasurementsFrame() {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const query = useQuery(progressOfQuery(project.id));
  const measure = useMeasureNow(project.id);
  const client = useQueryClient();
  const done = query.data?.progress.done;
  useEffect(() => {
    if (done !== undefined) {
      void client.invalidateQueries({ queryKey: generatorMeansKey(project.id) });
    }
  }, [client, done, project.id]);
  return (
    <>
      <PageHead title={t("title")}>
        <Button variant="default" loading={measure.isPending} onClick={() => measure.mutate()}>
          {t("measure_now")}
        </Button>
      </PageHead>
      <Stack gap="md">
        <Pages project={project.id} />
        {measure.isError && <Failed error={measure.error} />}
        {measure.isSuccess && (
          <Text size="sm" role="status">
            {measure.data.images === 0 ? t("asked_none") : t("asked", { count: measure.data.images })}
          </Text>
        )}
        <Loaded query={query} rows={1}>
          {({ progress }) => (
            <>
              <WorkerNotice waiting={isMeasuring(progress)} />
              {progress.total > 0 && <HowFar progress={progress} />}
            </>
          )}
        </Loaded>
        <Outlet context={project} />
      </Stack>
    </>
  );
}

function Pages({ project }: { project: number }) {
  const { t } = useTranslation("metrics");
  const at = `/projects/${project}/measurements`;
  const pages = [
    { to: at, label: t("pages.images"), end: true },
    { to: `${at}/generators`, label: t("pages.generators"), end: false },
    { to: `${at}/sets`, label: t("pages.sets"), end: false },
    { to: `${at}/choose`, label: t("pages.choose"), end: false },
  ];
  return (
    <nav className={styles.pages} aria-label={t("pages.label")}>
      {pages.map((page) => (
        <NavLink key={page.to} to={page.to} end={page.end} className={styles.page ?? ""}>
          {page.label}
        </NavLink>
      ))}
    </nav>
  );
}

function HowFar({ progress }: { progress: MeasuringProgress }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const { done, failed, total } = progress;
  return (
    <div>
      {isMeasuring(progress) && (
        <Progress.Root mb={6}>
          <Progress.Section aria-label={t("title")} value={(100 * done) / total} color="blue" animated />
          <Progress.Section aria-label={t("title")} value={(100 * failed) / total} color="red" />
        </Progress.Root>
      )}
      <Group gap={6}>
        <Text size="sm" role="status">
          {t("progress", { done: format.integer(done), total: format.integer(total) })}
        </Text>
        {failed > 0 && (
          <Text size="sm" c="red.8">
            {"· "}
            {t("failed", { count: failed })}
          </Text>
        )}
      </Group>
    </div>
  );
}
