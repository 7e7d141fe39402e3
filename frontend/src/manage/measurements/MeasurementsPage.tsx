import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { MeasuredImage, Measurements } from "@/api/types";
import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead } from "@/manage/parts/Section";
import { Empty, Failed, Loading } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";

import { Controls, type View } from "./Controls";
import { nearDuplicates } from "./duplicates";
import { Gallery } from "./Gallery";
import { MeasureAgain } from "./MeasureAgain";
import { Means } from "./Means";
import { filtered, sorted } from "./table";
import { useMeasured } from "./useMeasured";

export function MeasurementsPage() {
  const { t } = useTranslation("manage");
  const project = useProject();
  const { query, images, first } = useMeasured(project.id);
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  return (
    <>
      <PageHead title={t("measurements.title")}>
        <Button variant="default" disabled={!first} onClick={() => setAsking(true)}>
          {t("measurements.again")}
        </Button>
      </PageHead>
      {asked && (
        <Text size="sm" role="status" mb="sm">
          {t("measurements.again_asked")}
        </Text>
      )}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading rows={6} />}
      {first && (
        <Measured
          first={first}
          images={images}
          complete={!query.hasNextPage}
          onMore={() => void query.fetchNextPage()}
          loadingMore={query.isFetchingNextPage}
        />
      )}
      {asking && first && (
        <MeasureAgain
          project={project.id}
          metrics={first.metrics}
          onClose={() => setAsking(false)}
          onAsked={() => setAsked(true)}
        />
      )}
    </>
  );
}

interface MeasuredProps {
  first: Measurements;
  images: readonly MeasuredImage[];
  complete: boolean;
  onMore: () => void;
  loadingMore: boolean;
}

function Measured({ first, images, complete, onMore, loadingMore }: MeasuredProps) {
  const { t } = useTranslation("manage");
  const [view, setView] = useState<View>({
    layout: "grid",
    order: null,
    filter: { generator: null, only: "all" },
  });
  const near = useMemo(() => nearDuplicates(images.flatMap(hashOf)), [images]);
  const shown = useMemo(
    () => sorted(filtered(images, view.filter, near), view.order),
    [images, view, near],
  );
  const working = first.progress.done + first.progress.failed < first.progress.total;
  if (images.length === 0) {
    return <Empty title={t("measurements.empty_title")}>{t("measurements.empty")}</Empty>;
  }
  return (
    <Stack gap="md">
      <WorkerNotice waiting={working} />
      <HowFar progress={first.progress} />
      <Means images={images} metrics={first.metrics} complete={complete} />
      <Controls
        view={view}
        onChange={setView}
        metrics={first.metrics}
        generators={[...new Set(images.map(({ image }) => image.generator))].sort()}
      />
      <Text size="xs" c="dimmed" role="status">
        {t("measurements.loaded_all", { shown: shown.length, loaded: images.length })}
      </Text>
      <Gallery images={shown} metrics={first.metrics} near={near} layout={view.layout} />
      {!complete && (
        <Group justify="center">
          <Button variant="default" loading={loadingMore} onClick={onMore}>
            {t("measurements.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function hashOf({ image, values }: MeasuredImage): { id: string; hash: string }[] {
  const hash = values.find((value) => typeof value.value === "string")?.value;
  return typeof hash === "string" ? [{ id: image.id, hash }] : [];
}

function HowFar({ progress }: { progress: Measurements["progress"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { done, failed, total } = progress;
  const finished = done + failed >= total;
  return (
    <div>
      {!finished && (
        <Progress.Root mb={6} aria-label={t("measurements.title")}>
          <Progress.Section value={(100 * done) / total} color="blue" animated />
          <Progress.Section value={(100 * failed) / total} color="red" />
        </Progress.Root>
      )}
      <Text size="sm" role="status">
        {t("measurements.progress", { done: format.integer(done), total: format.integer(total) })}
        {failed > 0 && (
          <Text span c="red.8">
            {" · "}
            {t("measurements.failed", { count: failed })}
          </Text>
        )}
      </Text>
    </div>
  );
}
