import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

import styles from "./Inspector.module.css";
import { PointFacts } from "./PointFacts";

interface Props {
  point: Schemas["MetricPoint"] | undefined;
  words: { x: string; y: string };
}

/** The point under the pointer or the arrows: what it shows, and its two numbers. */
export function Inspector({ point, words }: Props) {
  const { t } = useTranslation("metrics");
  if (!point) {
    return (
      <div className={styles.inspector} data-empty="true">
        <Text size="xs" c="dimmed" ta="center">
          {t("scatter.point_hint")}
        </Text>
      </div>
    );
  }
  return (
    <div className={styles.inspector} role="status">
      <div className={styles.inspected}>
        {point.images.map((image) => (
          <figure key={image.id}>
            <img src={image.thumbnail_url} alt="" />
            <figcaption>
              {point.images.length > 1 && `${image.letter}: `}
              {image.generator || t("unknown_generator")}
            </figcaption>
          </figure>
        ))}
      </div>
      <PointFacts point={point} words={words} />
      <Text size="xs" c="dimmed" lineClamp={3}>
        {point.prompt}
      </Text>
    </div>
  );
}
