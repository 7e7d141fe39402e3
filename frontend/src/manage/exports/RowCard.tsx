import { Button, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { LargeImageDialog } from "@/manage/images/LargeImageDialog";

import { MapOverlay } from "./MapOverlay";
import styles from "./RowCard.module.css";
import { useQuestionTitles } from "./useQuestionTitles";

/** More fields than these are in the JSON. */
const MOST_FACTS = 7;

/** One row: its images with what is said of them, its fields, and all of it as JSON on demand. */
export function RowCard({ row, number }: { row: Schemas["PreviewRow"]; number: number }) {
  const { t } = useTranslation("exports");
  const [json, { toggle }] = useDisclosure(false);
  const [large, { open, close }] = useDisclosure(false);
  const more = row.facts.length - MOST_FACTS;
  const full = row.figures.map(({ name, generator, url }) => ({
    id: `${name} ${url}`,
    url,
    name: generator || name,
  }));
  return (
    <li className={styles.row}>
      {row.figures.length > 0 && (
        <div className={styles.figures}>
          {row.figures.map((figure) => (
            <Drawn
              key={`${figure.name} ${figure.url}`}
              figure={figure}
              label={t("preview.open", { number })}
              onOpen={open}
            />
          ))}
        </div>
      )}
      <div className={styles.rowText}>
        {row.prompt !== "" && (
          <Text size="sm" lineClamp={3} title={row.prompt}>
            {row.prompt}
          </Text>
        )}
        <dl className={styles.facts}>
          {row.facts.slice(0, MOST_FACTS).map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={value}>{value}</dd>
            </div>
          ))}
        </dl>
        {more > 0 && (
          <Text size="xs" c="dimmed">
            {t("preview.more_fields", { count: more })}
          </Text>
        )}
      </div>
      <div className={styles.rowFoot}>
        <code className={styles.name}>{row.outputs.join(", ")}</code>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={json}
          aria-label={t("preview.as_json", { number })}
          onClick={toggle}
        >
          {t("preview.json")}
        </Button>
      </div>
      {json && (
        <pre className={styles.json} tabIndex={0} aria-label={t("preview.as_json", { number })}>
          {JSON.stringify(row.value, null, 2)}
        </pre>
      )}
      {large && (
        <LargeImageDialog
          title={row.outputs.join(", ")}
          images={uniqueById(full)}
          prompt={row.prompt}
          onClose={close}
        />
      )}
    </li>
  );
}

/** Two maps may lie over one image. */
function uniqueById<T extends { url: string }>(all: readonly T[]): T[] {
  return all.filter((one, place) => all.findIndex(({ url }) => url === one.url) === place);
}

interface DrawnProps {
  figure: Schemas["PreviewFigure"];
  label: string;
  onOpen: () => void;
}

function Drawn({ figure, label, onOpen }: DrawnProps) {
  const { t } = useTranslation("exports");
  const title = useQuestionTitles();
  const { name, width, height, thumbnail_url: thumbnail, map, outcome, rank } = figure;
  const verdict = rank === null ? outcome && t(`preview.${outcome}`) : t("preview.rank", { rank });
  return (
    <figure className={styles.figure} data-preferred={outcome === "preferred"}>
      <UnstyledButton aria-label={label} className={styles.open ?? ""} onClick={onOpen}>
        <div className={styles.frame} style={{ aspectRatio: `${width} / ${height}` }}>
          <img src={thumbnail} alt="" loading="lazy" />
          {map !== "" && <MapOverlay url={map} label={t("preview.map_of", { flaw: title(name) })} />}
        </div>
      </UnstyledButton>
      <figcaption title={name}>
        {verdict ? <b>{verdict}</b> : <span className={styles.field}>{title(name)}</span>}
      </figcaption>
    </figure>
  );
}
