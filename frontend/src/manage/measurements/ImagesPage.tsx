import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Empty, Failed, Loading } from "@/manage/parts/states";

import { Controls, type View } from "./Controls";
import { Gallery } from "./Gallery";
import { isNumeric } from "./metricText";
import { type MeasuredImage, type Metric, metricsQuery, useMeasured } from "./queries";
import { filtered, imagesCsv, measuredOf, sorted } from "./table";

/** So many values stand beside an image until somebody chooses. */
const FEW = 5;

export function ImagesPage() {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const { query, images, first } = useMeasured(project.id);
  const catalog = useQuery(metricsQuery(project.id));
  if (query.isPending || catalog.isPending) return <Loading rows={6} />;
  return (
    <>
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {first && images.length === 0 && (
        <Empty title={t("gallery.empty_title")}>{t("gallery.empty")}</Empty>
      )}
      {catalog.isError && <Failed error={catalog.error} onRetry={() => void catalog.refetch()} />}
      {catalog.data && images.length > 0 && (
        <Images
          metrics={catalog.data}
          images={images}
          complete={!query.hasNextPage}
          onMore={() => void query.fetchNextPage()}
          loadingMore={query.isFetchingNextPage}
        />
      )}
    </>
  );
}

interface Props {
  metrics: readonly Metric[];
  images: readonly MeasuredImage[];
  complete: boolean;
  onMore: () => void;
  loadingMore: boolean;
}

function Images({ metrics, images, complete, onMore, loadingMore }: Props) {
  const { t } = useTranslation("metrics");
  const project = useProject();
  const [view, setView] = useState<View>({
    layout: "grid",
    order: null,
    filter: { generator: null, only: "all" },
    shown: null,
  });
  const measured = measuredOf(metrics, images);
  const names = view.shown ?? measured.filter(isNumeric).slice(0, FEW).map(({ name }) => name);
  const shown = useMemo(() => sorted(filtered(images, view.filter), view.order), [images, view]);
  return (
    <Stack gap="md">
      <Controls
        view={view}
        onChange={setView}
        metrics={measured}
        shown={names}
        generators={[...new Set(images.map(({ image }) => image.generator))].sort()}
      />
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed" role="status">
          {complete
            ? t("gallery.loaded_all", { shown: shown.length, loaded: images.length })
            : t("gallery.loaded", { shown: shown.length, loaded: images.length })}
        </Text>
        <SaveMenu
          title={t("gallery.value")}
          name={`measurements-${project.id}`}
          tables={{ csv: () => imagesCsv(shown) }}
        />
      </Group>
      <Gallery
        images={shown}
        shown={measured.filter(({ name }) => names.includes(name))}
        metrics={metrics}
        layout={view.layout}
      />
      {!complete && (
        <Group justify="center">
          <Button variant="default" loading={loadingMore} onClick={onMore}>
            {t("gallery.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
