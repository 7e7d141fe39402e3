import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { MetricPoint } from "@/api/metrics";
import { useFormat } from "@/manage/parts/useFormat";
import { PictureDialog } from "@/manage/pictures/PictureDialog";

import styles from "./metrics.module.css";

interface Props {
  point: MetricPoint;
  words: { x: string; y: string };
  onClose: () => void;
}

/** The pictures behind a point, in full size. */
export function PointDialog({ point, words, onClose }: Props) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const { other } = point;
  const name = (generator: string) => generator || t("unknown_generator");
  const pictures = other
    ? [
        { id: "a", url: point.url, name: `a: ${name(point.generator)}` },
        { id: "b", url: other.url, name: `b: ${name(other.generator)}` },
      ]
    : [{ id: "a", url: point.url, name: name(point.generator) }];
  return (
    <PictureDialog
      title={other ? t("scatter.pair") : t("scatter.picture")}
      pictures={pictures}
      prompt={point.prompt}
      onClose={onClose}
    >
      <dl className={styles.pointFacts}>
        <dt>{words.y}</dt>
        <dd>{format.measured(point.y)}</dd>
        <dt>{words.x}</dt>
        <dd>{format.measured(point.x)}</dd>
      </dl>
      {other && (
        <Text size="xs" c="dimmed">
          {t("scatter.pair_note")}
        </Text>
      )}
    </PictureDialog>
  );
}
