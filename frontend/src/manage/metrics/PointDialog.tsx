import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";
import { LargeImageDialog } from "@/manage/images/LargeImageDialog";

import styles from "./metrics.module.css";

interface Props {
  point: Schemas["MetricPoint"];
  words: { x: string; y: string };
  onClose: () => void;
}

/** The images behind a point, in full size. */
export function PointDialog({ point, words, onClose }: Props) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
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
      <dl className={styles.pointFacts}>
        <dt>{words.y}</dt>
        <dd>{format.measured(point.y)}</dd>
        <dt>{words.x}</dt>
        <dd>{format.measured(point.x)}</dd>
      </dl>
      {pair && (
        <Text size="xs" c="dimmed">
          {t("scatter.pair_note")}
        </Text>
      )}
    </LargeImageDialog>
  );
}
