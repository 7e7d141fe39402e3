import { Button, Pagination, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./PointList.module.css";
import type { Placed } from "./plane";

interface Props {
  points: readonly Placed[];
  words: { x: string; y: string };
  onOpen: (index: number) => void;
}

const PER_PAGE = 25;

/** The same points as rows, for who would rather read than aim. */
export function PointList({ points, words, onOpen }: Props) {
  const { t } = useTranslation("metrics");
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.list} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("scatter.as_list", { count: points.length })}</summary>
      {open && <Rows points={points} words={words} onOpen={onOpen} />}
    </details>
  );
}

type By = "x" | "y";

function Rows({ points, words, onOpen }: Props) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const [by, setBy] = useState<By>("x");
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(points.length / PER_PAGE));
  const current = Math.min(page, pages);
  const here = [...points]
    .sort((one, other) => other.point[by] - one.point[by] || one.index - other.index)
    .slice((current - 1) * PER_PAGE, current * PER_PAGE);
  const head = (axis: By) => (
    <Table.Th ta="right" aria-sort={by === axis ? "descending" : "none"}>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => {
          setBy(axis);
          setPage(1);
        }}
      >
        {words[axis]}
        {by === axis && <span aria-hidden="true">{" ▾"}</span>}
      </Button>
    </Table.Th>
  );
  return (
    <>
      <Table.ScrollContainer type="native" minWidth={620}>
        <Table fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th aria-label={t("gallery.image")} w={84} />
              <Table.Th>{t("generator")}</Table.Th>
              <Table.Th>{t("gallery.prompt")}</Table.Th>
              {head("x")}
              {head("y")}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {here.map(({ index, point }) => (
              <Table.Tr key={index}>
                <Table.Td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t("image.open", { prompt: point.prompt })}
                    onClick={() => onOpen(index)}
                  >
                    {t("scatter.open")}
                  </Button>
                </Table.Td>
                <Table.Td>
                  {point.images.map(({ generator }) => generator || t("unknown_generator")).join(" · ")}
                </Table.Td>
                <Table.Td maw={320}>
                  <Text size="xs" lineClamp={1} title={point.prompt}>
                    {point.prompt}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{format.measuredOrInfinite(point.x, point.infinite)}</Table.Td>
                <Table.Td ta="right">{format.measured(point.y)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {pages > 1 && (
        <Pagination size="sm" mx="auto" my="xs" w="fit-content" total={pages} value={current} onChange={setPage} />
      )}
    </>
  );
}
