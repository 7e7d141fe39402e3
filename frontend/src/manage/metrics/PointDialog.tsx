import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { LargeImageDialog } from "@/manage/images/LargeImageDialog";

import { PointFacts } from "./PointFacts";

interface Props {
  point: Schemas["MetricPoint"];
  words: { x: string; y: string };
  onClose: () => void;
}

/** The images behind a point, in full size. */
export function PointDialog({ point, words, onClose }: Props) {
  const { t } = useTranslation("metrics");
  const pair = point.images.length > 1;
  const images = point.images.map(({ id, letter, url, generator }) => ({
    id,
    url,
    name: (pair ? `${letter}: ` : "") + (generator || t("unknown_generator")),
  }));
  return (
    <LargeImageDialog
      title={pair ? t("scatter.pair") : (images[0]?.name ?? "")}
      images={images}
      prompt={point.prompt}
      onClose={onClose}
    >
      <PointFacts point={point} words={words} />
      {pair && (
        <Text size="xs" c="dimmed">
          {t("scatter.pair_note")}
        </Text>
      )}
    </LargeImageDialog>
  );
}
