import { Badge, Pagination, Stack, Table, Text, Tooltip } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { MeasuredImage, MeasuredValue, Metric } from "@/api/types";
import { useFormat } from "@/manage/parts/useFormat";

import { MetricName } from "./Means";
import styles from "./measurements.module.css";
import { isNumeric } from "./metricText";
import { valueOf } from "./table";

type Near = ReadonlyMap<string, { other: string; bits: number }>;

interface Props {
  images: readonly MeasuredImage[];
  metrics: readonly Metric[];
  near: Near;
  layout: "grid" | "table";
}

const PER_PAGE = 48;

/** The pictures with their values, a page at a time. */
export function Gallery({ images, metrics, near, layout }: Props) {
  const { t } = useTranslation("manage");
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(images.length / PER_PAGE));
  const current = Math.min(page, pages);
  const shown = images.slice((current - 1) * PER_PAGE, current * PER_PAGE);
  const numeric = metrics.filter(
    (metric) => isNumeric(metric) && images.some((image) => valueOf(image, metric.name)),
  );
  if (images.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("measurements.none_match")}
      </Text>
    );
  }
  return (
    <Stack gap="md" align="stretch">
      {layout === "grid" ? (
        <ul className={styles.grid}>
          {shown.map((image) => (
            <Card key={image.image.id} image={image} metrics={numeric} near={near} />
          ))}
        </ul>
      ) : (
        <Rows images={shown} metrics={numeric} near={near} />
      )}
      {pages > 1 && <Pagination mx="auto" total={pages} value={current} onChange={setPage} />}
    </Stack>
  );
}

interface OneProps {
  image: MeasuredImage;
  metrics: readonly Metric[];
  near: Near;
}

function Card({ image: measured, metrics, near }: OneProps) {
  const { t } = useTranslation("manage");
  const { image } = measured;
  return (
    <li className={styles.card}>
      <Picture image={image} size={200} />
      <div className={styles.facts}>
        <Text size="xs" fw={600} truncate>
          {image.generator || t("measurements.unknown_generator")}
        </Text>
        <Text size="xs" c="dimmed" lineClamp={2} title={image.prompt}>
          {image.prompt}
        </Text>
        <dl className={styles.values}>
          {metrics.map((metric) => (
            <div key={metric.name}>
              <dt>{metric.name}</dt>
              <dd>
                <Value of={valueOf(measured, metric.name)} unit={metric.unit} />
              </dd>
            </div>
          ))}
        </dl>
        <NearBadge image={measured} near={near} />
      </div>
    </li>
  );
}

function Rows({ images, metrics, near }: Omit<Props, "layout">) {
  const { t } = useTranslation("manage");
  return (
    <Table.ScrollContainer type="native" minWidth={720} className={styles.rows ?? ""}>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={76}>{t("measurements.picture")}</Table.Th>
            <Table.Th>{t("measurements.generator")}</Table.Th>
            <Table.Th>{t("measurements.prompt")}</Table.Th>
            {metrics.map((metric) => (
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
                <Picture image={measured.image} size={56} />
              </Table.Td>
              <Table.Td>
                {measured.image.generator || t("measurements.unknown_generator")}{" "}
                <NearBadge image={measured} near={near} />
              </Table.Td>
              <Table.Td maw={300}>
                <Text size="xs" lineClamp={2} title={measured.image.prompt}>
                  {measured.image.prompt}
                </Text>
              </Table.Td>
              {metrics.map((metric) => (
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

function Picture({ image, size }: { image: MeasuredImage["image"]; size: number }) {
  const { t } = useTranslation("manage");
  return (
    <a
      href={image.url}
      target="_blank"
      rel="noreferrer"
      className={styles.picture}
      aria-label={`${t("measurements.open_picture")}: ${image.prompt}`}
    >
      <img src={image.thumbnail_url} alt="" loading="lazy" width={size} height={size} />
    </a>
  );
}

function Value({ of, unit }: { of: MeasuredValue | undefined; unit: string }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  if (!of) return <span>{t("measurements.value_absent")}</span>;
  if (of.state === "failed") {
    return (
      <Tooltip label={of.error} multiline maw={320} withArrow events={{ hover: true, focus: true, touch: true }}>
        <Badge color="red" variant="light" size="sm" tt="none" tabIndex={0}>
          {t("measurements.value_failed")}
        </Badge>
      </Tooltip>
    );
  }
  if (of.value === null) {
    return (
      <Text span c="dimmed" inherit>
        {t("measurements.value_pending")}
      </Text>
    );
  }
  if (typeof of.value === "string") return <span>{of.value}</span>;
  return <span>{`${format.measured(of.value)}${unit === "" ? "" : ` ${unit}`}`}</span>;
}

function NearBadge({ image, near }: { image: MeasuredImage; near: Near }) {
  const { t } = useTranslation("manage");
  if (!near.has(image.image.id)) return null;
  return (
    <Tooltip label={t("measurements.near_note")} multiline maw={260} withArrow>
      <Badge color="orange" variant="light" size="sm" tt="none">
        {t("measurements.near")}
      </Badge>
    </Tooltip>
  );
}
