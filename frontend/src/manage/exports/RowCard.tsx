import { Button, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { LargeImageDialog } from "@/manage/images/LargeImageDialog";

import styles from "./exports.module.css";
import { MapOverlay } from "./MapOverlay";
import type { ReadRow, RowImage, Verdict } from "./rows";
import { useQuestionTitles } from "./useQuestionTitles";

/** More fields than these are in the JSON. */
const MOST_FACTS = 7;

/** One row: its images with what is said of them, its fields, and all of it as JSON on demand. */
export function RowCard({ row, number }: { row: ReadRow; number: number }) {
  const { t } = useTranslation("exports");
  const [json, { toggle }] = useDisclosure(false);
  const [large, { open, close }] = useDisclosure(false);
  const more = row.facts.length - MOST_FACTS;
  const full = row.images.flatMap(({ full: url, field, generator }) =>
    url === null ? [] : [{ id: `${field} ${url}`, url, name: generator || field }],
  );
  return (
    <li className={styles.row}>
      {row.images.length > 0 && (
        <div className={styles.figures}>
          {row.images.map((image) => (
            <Figure
              key={image.field}
              image={image}
              label={t("preview.open", { number })}
              onOpen={image.full === null ? null : open}
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
          {row.facts.slice(0, MOST_FACTS).map(({ field, value }) => (
            <div key={field}>
              <dt>{field}</dt>
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
          {row.json}
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

interface FigureProps {
  image: RowImage;
  label: string;
  onOpen: (() => void) | null;
}

function Figure({ image, label, onOpen }: FigureProps) {
  const { t } = useTranslation("exports");
  const title = useQuestionTitles();
  const what = title(image.field);
  const { map, thumbnail } = image;
  const said = useVerdict();
  const drawing = (
    <div className={styles.frame} style={{ aspectRatio: `${image.width} / ${image.height}` }}>
      {thumbnail !== null && <img src={thumbnail} alt="" loading="lazy" />}
      {map !== null &&
        (thumbnail === null ? (
          <img src={map} alt={t("preview.map_alone", { flaw: what })} />
        ) : (
          <MapOverlay url={map} label={t("preview.map_of", { flaw: what })} />
        ))}
    </div>
  );
  return (
    <figure className={styles.figure} data-verdict={image.verdict === "preferred"}>
      {onOpen ? (
        <UnstyledButton aria-label={label} className={styles.open ?? ""} onClick={onOpen}>
          {drawing}
        </UnstyledButton>
      ) : (
        drawing
      )}
      <figcaption title={image.field}>
        {image.verdict === null ? (
          <span className={styles.field}>{what}</span>
        ) : (
          <b>{said(image.verdict)}</b>
        )}
      </figcaption>
    </figure>
  );
}

function useVerdict(): (verdict: Verdict) => string {
  const { t } = useTranslation("exports");
  return (verdict) =>
    typeof verdict === "object" ? t("preview.rank", verdict) : t(`preview.${verdict}`);
}
