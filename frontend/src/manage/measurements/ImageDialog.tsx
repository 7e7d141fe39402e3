import { Group, Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useReasons } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { LargeImageDialog, type ShownImage } from "@/manage/images/LargeImageDialog";

import styles from "./ImageDialog.module.css";
import { MetricName } from "./MetricName";
import type { MeasuredImage, MeasuredValue, Metric } from "./queries";
import { Value } from "./Value";

interface Props {
  measured: MeasuredImage;
  /** Images at hand, to name near duplicates by their generators. */
  others: readonly MeasuredImage[];
  metrics: readonly Metric[];
  onClose: () => void;
}

/** An image with all its values and where each comes from; near duplicates can stand beside it. */
export function ImageDialog({ measured, others, metrics, onClose }: Props) {
  const { t } = useTranslation("metrics");
  const say = useReasons();
  const [beside, setBeside] = useState<string | null>(null);
  const { image, values, near_duplicates: near } = measured;
  const name = (of: MeasuredImage["image"] | undefined) => of?.generator || t("unknown_generator");
  const nearby = near.map((id): ShownImage => ({
    id,
    url: `/api/v1/images/${id}/file`,
    name: name(others.find((other) => other.image.id === id)?.image),
  }));
  const images = [{ id: image.id, url: image.url, name: name(image) }, ...nearby].filter(
    ({ id }) => id === image.id || id === beside,
  );
  return (
    <LargeImageDialog
      title={`${name(image)} · ${image.width} × ${image.height}`}
      images={images}
      prompt={image.prompt}
      onClose={onClose}
    >
      {image.problem !== null && (
        <Notice color="red" mt="sm" title={t("gallery.broken")}>
          {say([image.problem])}
        </Notice>
      )}
      {nearby.length > 0 && (
        <Group gap="xs" mt="sm">
          <Text size="sm">{t("gallery.near_ones")}</Text>
          {nearby.map(({ id, name: called }) => (
            <UnstyledButton
              key={id}
              className={styles.near ?? ""}
              aria-pressed={beside === id}
              aria-label={t("gallery.compare", { name: called })}
              onClick={() => setBeside(beside === id ? null : id)}
            >
              <img src={`/api/v1/images/${id}/thumbnail`} alt="" width={48} height={48} />
            </UnstyledButton>
          ))}
        </Group>
      )}
      <Values values={values} metrics={metrics} />
    </LargeImageDialog>
  );
}

function Values({ values, metrics }: { values: readonly MeasuredValue[]; metrics: readonly Metric[] }) {
  const { t } = useTranslation("metrics");
  const known = new Map(metrics.map((metric) => [metric.name, metric]));
  if (values.length === 0) return null;
  return (
    <Table.ScrollContainer type="native" minWidth={560} mt="sm">
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("metric")}</Table.Th>
            <Table.Th ta="right">{t("gallery.value")}</Table.Th>
            <Table.Th>{t("provenance.version")}</Table.Th>
            <Table.Th>{t("provenance.device")}</Table.Th>
            <Table.Th>{t("provenance.weights")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {values.map((value) => {
            const metric = known.get(value.metric);
            return (
              <Table.Tr key={`${value.metric} ${value.version}`}>
                <Table.Td>{metric ? <MetricName metric={metric} /> : value.metric}</Table.Td>
                <Table.Td ta="right" fw={550}>
                  <Value of={value} unit={metric?.unit ?? ""} />
                </Table.Td>
                <Table.Td>{value.version}</Table.Td>
                <Table.Td>
                  {[value.device, value.dtype].filter(Boolean).join(" · ") || t("value.absent")}
                </Table.Td>
                <Table.Td>
                  <Hash sha256={value.weights} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The start of a hash; the whole of it on hover. */
export function Hash({ sha256 }: { sha256: string }) {
  const { t } = useTranslation("metrics");
  if (sha256 === "") return t("provenance.no_weights");
  return (
    <Text span inherit ff="monospace" title={sha256}>
      {sha256.slice(0, 12)}
    </Text>
  );
}
