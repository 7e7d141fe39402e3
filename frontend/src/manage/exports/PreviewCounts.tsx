import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./PreviewCounts.module.css";
import { QuestionCounts } from "./QuestionCounts";
import { useExportText } from "./useExportText";
import { useQuestionTitles } from "./useQuestionTitles";

type Looked = Schemas["ExportPreview"];

/** Items and rows ahead, what is skipped and why, and what people said about each question. */
export function PreviewCounts({ preview }: { preview: Looked }) {
  const { t } = useTranslation("exports");
  const format = useFormat();
  const { items, seen, row_count: rows, overridden } = preview;
  // All items were looked at, or the rows are estimated from the first.
  const exact = seen >= items;
  const ahead = exact || seen === 0 ? rows : Math.round((rows * items) / seen);
  const about = { seen: format.integer(seen), rows: format.integer(rows) };
  return (
    <>
      <dl className={styles.tiles}>
        <Tile label={t("preview.items")} note={t("preview.items_note", { count: items })}>
          {format.integer(items)}
        </Tile>
        <Tile
          label={t("preview.rows")}
          note={exact ? t("preview.rows_exact") : t("preview.rows_about", about)}
        >
          {exact ? format.integer(ahead) : t("preview.about", { count: ahead })}
        </Tile>
        <Skipped preview={preview} exact={exact} />
      </dl>
      {preview.counts.map((counted) => (
        <Breakdown key={counted.by} counted={counted} />
      ))}
      {overridden > 0 && (
        <Text size="sm">
          <b>{format.integer(overridden)}</b> {t("preview.overridden", { count: overridden })}
        </Text>
      )}
      <QuestionCounts preview={preview} />
    </>
  );
}

function Tile({ label, note, children }: { label: string; note: string; children: ReactNode }) {
  return (
    <div className={styles.tile}>
      <dt>{label}</dt>
      <dd>
        <span className={styles.tileNumber}>{children}</span>
        <Text span size="xs" c="dimmed">
          {note}
        </Text>
      </dd>
    </div>
  );
}

function Skipped({ preview, exact }: { preview: Looked; exact: boolean }) {
  const { t } = useTranslation("exports");
  const format = useFormat();
  const text = useExportText();
  const { skipped, not_settled: waiting, excluded } = preview;
  return (
    <div className={styles.tile} data-wide="true">
      <dt>{t("preview.skipped")}</dt>
      <dd>
        {skipped.length === 0 && waiting === 0 && excluded === 0 && (
          <span className={styles.tileNumber}>{t("preview.skipped_none")}</span>
        )}
        <ul className={styles.reasons}>
          {skipped.map(({ code, count }) => (
            <li key={code}>
              <b>{format.integer(count)}</b> {text.counted(code)}
            </li>
          ))}
        </ul>
        {skipped.length > 0 && (
          <Text size="xs" c="dimmed">
            {exact
              ? t("preview.skipped_note_all")
              : t("preview.skipped_note", { seen: format.integer(preview.seen) })}
          </Text>
        )}
        {waiting > 0 && (
          <Text size="sm">
            <b>{format.integer(waiting)}</b> {t("preview.not_settled", { count: waiting })}
          </Text>
        )}
        {excluded > 0 && (
          <Text size="sm">
            <b>{format.integer(excluded)}</b> {t("preview.excluded", { count: excluded })}
          </Text>
        )}
      </dd>
    </div>
  );
}

/** What the format itself counts, in the items seen. */
function Breakdown({ counted: { by, counts } }: { counted: Schemas["CountedRows"] }) {
  const { t, i18n } = useTranslation("exports");
  const format = useFormat();
  const title = useQuestionTitles();
  const text = useExportText();
  const key = `preview.counts_of.${by || "others"}`;
  const name = (of: string) => {
    if (by === "dimensions") return title(of);
    return by === "" ? text.counted(of) : of;
  };
  return (
    <div className={styles.breakdown}>
      <Text size="xs" fw={600}>
        {i18n.exists(key, { ns: "exports" }) ? t(key as never) : by}
      </Text>
      <ul>
        {Object.entries(counts).map(([of, count]) => (
          <li key={of}>
            {name(of)} <b>{format.integer(count)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
