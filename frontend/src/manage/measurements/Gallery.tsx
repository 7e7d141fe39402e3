import { Badge, Pagination, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useReasons } from "@/i18n/reason";

import { ImageDialog } from "./ImageDialog";
import styles from "./Gallery.module.css";
import { MetricName } from "./MetricName";
import type { MeasuredImage, Metric } from "./queries";
import { valueOf } from "./table";
import { Value } from "./Value";

interface Props {
  images: readonly MeasuredImage[];
  /** Those whose values stand beside the images; an image opened shows all. */
  shown: readonly Metric[];
  metrics: readonly Metric[];
  layout: "grid" | "table";
}

const PER_PAGE = 48;

/** The images with their values, a page at a time. */
export function Gallery({ images, shown, metrics, layout }: Props) {
  const { t } = useTranslation("metrics");
  const [page, setPage] = useState(1);
  const [open, setOpen] = useState<MeasuredImage | null>(null);
  const pages = Math.max(1, Math.ceil(images.length / PER_PAGE));
  const current = Math.min(page, pages);
  const here = images.slice((current - 1) * PER_PAGE, current * PER_PAGE);
  if (images.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("gallery.none_match")}
      </Text>
    );
  }
  return (
    <Stack gap="md" align="stretch">
      {layout === "grid" ? (
        <ul className={styles.grid}>
          {here.map((image) => (
            <Card key={image.image.id} image={image} shown={shown} onOpen={() => setOpen(image)} />
          ))}
        </ul>
      ) : (
        <Rows images={here} shown={shown} onOpen={setOpen} />
      )}
      {pages > 1 && <Pagination mx="auto" total={pages} value={current} onChange={setPage} />}
      {open && (
        <ImageDialog
          key={open.image.id}
          measured={open}
          others={images}
          metrics={metrics}
          onClose={() => setOpen(null)}
        />
      )}
    </Stack>
  );
}

interface CardProps {
  image: MeasuredImage;
  shown: readonly Metric[];
  onOpen: () => void;
}

function Card({ image: measured, shown, onOpen }: CardProps) {
  const { t } = useTranslation("metrics");
  const { image } = measured;
  return (
    <li className={styles.card}>
      <Image image={image} size={200} onOpen={onOpen} />
      <div className={styles.facts}>
        <Text size="xs" fw={600} truncate>
          {image.generator || t("unknown_generator")}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2} title={image.prompt}>
          {image.prompt}
        </Text>
        <dl className={styles.values}>
          {shown.map((metric) => (
            <div key={metric.name}>
              <dt>{metric.name}</dt>
              <dd>
                <Value of={valueOf(measured, metric.name)} unit={metric.unit} />
              </dd>
            </div>
          ))}
        </dl>
        <Flags image={measured} />
      </div>
    </li>
  );
}

interface RowsProps {
  images: readonly MeasuredImage[];
  shown: readonly Metric[];
  onOpen: (image: MeasuredImage) => void;
}

function Rows({ images, shown, onOpen }: RowsProps) {
  const { t } = useTranslation("metrics");
  return (
    <Table.ScrollContainer type="native" minWidth={720} className={styles.rows ?? ""}>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={76}>{t("gallery.image")}</Table.Th>
            <Table.Th>{t("generator")}</Table.Th>
            <Table.Th>{t("gallery.prompt")}</Table.Th>
            {shown.map((metric) => (
              <Table.Th key={metric.name} ta="right">
                <MetricName metric={metric} />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {images.map((measured) => (
            <Table.Tr key={measured.image.id}>
              <Table.Td>
                <Image image={measured.image} size={56} onOpen={() => onOpen(measured)} />
              </Table.Td>
              <Table.Td>
                {measured.image.generator || t("unknown_generator")} <Flags image={measured} />
              </Table.Td>
              <Table.Td maw={300}>
                <Text size="xs" lineClamp={2} title={measured.image.prompt}>
                  {measured.image.prompt}
                </Text>
              </Table.Td>
              {shown.map((metric) => (
                <Table.Td key={metric.name} ta="right">
                  <Value of={valueOf(measured, metric.name)} unit={metric.unit} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface ImageProps {
  image: MeasuredImage["image"];
  size: number;
  onOpen: () => void;
}

function Image({ image, size, onOpen }: ImageProps) {
  const { t } = useTranslation("metrics");
  return (
    <UnstyledButton
      className={styles.image ?? ""}
      aria-label={t("image.open", { prompt: image.prompt })}
      onClick={onOpen}
    >
      <img src={image.thumbnail_url} alt="" loading="lazy" width={size} height={size} />
    </UnstyledButton>
  );
}

/** What is wrong or doubtful about an image, in words. */
function Flags({ image: { image, near_duplicates: near } }: { image: MeasuredImage }) {
  const { t } = useTranslation("metrics");
  const say = useReasons();
  return (
    <>
      {image.problem !== null && (
        <Badge color="red" size="sm" title={say([image.problem])}>
          {t("gallery.broken")}
        </Badge>
      )}
      {near.length > 0 && (
        <Badge color="orange" size="sm" title={t("gallery.near_note")}>
          {t("gallery.near")}
        </Badge>
      )}
    </>
  );
}
