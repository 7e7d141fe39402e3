import { Button, Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Failed, Loading } from "@/manage/parts/states";
import { useReason } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";
import { LargeImageDialog } from "@/manage/images/LargeImageDialog";

import { favourite } from "./favourites";
import styles from "./Disagreements.module.css";
import { disagreementsQuery, type MetricAgreement } from "./queries";
import { disagreementsCsv } from "./tables";
import { useDimensionName } from "./words";

interface Props {
  row: MetricAgreement;
  project: number;
}

/** Where people and the metric part, the farthest apart first. */
export function Disagreements({ row, project }: Props) {
  const { t } = useTranslation("metrics");
  const name = useDimensionName(useProject());
  const reason = useReason();
  const query = useInfiniteQuery(disagreementsQuery(project, row));
  const [open, setOpen] = useState<Schemas["Disagreement"] | null>(null);
  const all = query.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Section
      title={t("queue.title")}
      note={t("queue.note", { metric: row.metric, dimension: name(row) })}
      actions={
        all.length > 0 && (
          <SaveMenu
            title={t("queue.title")}
            name={`disagreements-${project}-${row.metric}-${row.dimension}`}
            tables={{ csv: () => disagreementsCsv(row, all) }}
          />
        )
      }
    >
      {query.isPending && <Loading rows={3} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && all.length === 0 && (
        <Text size="sm" c="dimmed">
          {query.data.pages[0]?.empty ? reason(query.data.pages[0].empty) : t("queue.empty")}
        </Text>
      )}
      <ol className={styles.queue}>
        {all.map((one, place) => (
          <Card key={one.item} one={one} place={place + 1} row={row} onOpen={() => setOpen(one)} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t("queue.more")}
          </Button>
        </Group>
      )}
      {open && <ItemDialog one={open} row={row} onClose={() => setOpen(null)} />}
    </Section>
  );
}

interface CardProps {
  one: Schemas["Disagreement"];
  place: number;
  row: MetricAgreement;
  onOpen: () => void;
}

function Card({ one, place, row, onOpen }: CardProps) {
  const { t } = useTranslation("metrics");
  const reason = useReason();
  const number = useNumber();
  const share = row.human_unit === "pair" ? "share" : "number";
  const favourites = favouritesOf(one, row);
  return (
    <li className={styles.queued}>
      <UnstyledButton
        className={styles.images ?? ""}
        data-count={one.images.length}
        onClick={onOpen}
      >
        <VisuallyHidden>{t("image.open", { prompt: one.prompt })}</VisuallyHidden>
        {one.images.map(({ image }) => (
          <span key={image.id} className={styles.queuedImage}>
            <img src={image.thumbnail_url} alt="" loading="lazy" />
            {one.images.length > 1 && <span className={styles.letter} aria-hidden="true">{image.letter}</span>}
          </span>
        ))}
      </UnstyledButton>
      <div className={styles.queuedText}>
        <Text size="xs" c="dimmed">
          {`${place}. ${one.key}`}
        </Text>
        <Text size="sm" lineClamp={2} title={one.prompt}>
          {one.prompt}
        </Text>
        <Text size="xs">{reason(one.reason)}</Text>
        <table className={styles.sides}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t("gallery.image")}</span>
              </th>
              <th scope="col">{t("queue.people")}</th>
              <th scope="col">{row.metric}</th>
            </tr>
          </thead>
          <tbody>
            {one.images.map(({ image, human, metric, infinite }) => (
              <tr key={image.id}>
                <th scope="row">
                  {one.images.length > 1 && <b>{image.letter} </b>}
                  {image.generator || t("unknown_generator")}
                </th>
                <Side of={number(human, share)} favourite={favourites.human === image.id} />
                <Side of={infinite ? "∞" : number(metric)} favourite={favourites.metric === image.id} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </li>
  );
}

/** A number as it is written: people's of a pair is a share of them. */
function useNumber(): (value: number | null, share?: "share" | "number") => string {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  return (value, share) => {
    if (value === null) return t("value.absent");
    return share === "share" ? format.percent(value) : format.measured(value);
  };
}

function Side({ of, favourite: chosen }: { of: string; favourite: boolean }) {
  const { t } = useTranslation("metrics");
  return (
    <td data-favourite={chosen}>
      {of}
      {chosen && (
        <span title={t("queue.favourite")}>
          <span aria-hidden="true"> ▲</span>
          <span className="visually-hidden">{` (${t("queue.favourite")})`}</span>
        </span>
      )}
    </td>
  );
}

function favouritesOf(one: Schemas["Disagreement"], row: MetricAgreement) {
  return {
    human: favourite(one.images, "human", row.direction),
    metric: favourite(one.images, "metric", row.direction),
  };
}

interface DialogProps {
  one: Schemas["Disagreement"];
  row: MetricAgreement;
  onClose: () => void;
}

function ItemDialog({ one, row, onClose }: DialogProps) {
  const { t } = useTranslation("metrics");
  const number = useNumber();
  const share = row.human_unit === "pair" ? "share" : "number";
  const reason = useReason();
  const caption = ({ human, metric, infinite }: Schemas["DisagreedImage"]) =>
    [
      human === null ? null : `${t("queue.people")} ${number(human, share)}`,
      infinite ? `${row.metric} ∞` : metric === null ? null : `${row.metric} ${number(metric)}`,
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <LargeImageDialog
      title={one.key}
      images={one.images.map(({ image, ...numbers }) => ({
        id: image.id,
        url: image.url,
        name:
          (one.images.length > 1 ? `${image.letter}: ` : "") +
          (image.generator || t("unknown_generator")),
        caption: <span>{caption({ image, ...numbers })}</span>,
      }))}
      prompt={one.prompt}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed" mt="xs">
        {reason(one.reason)}
      </Text>
    </LargeImageDialog>
  );
}
