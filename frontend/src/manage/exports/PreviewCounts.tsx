import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ExportPreview } from "@/api/exports";
import { useFormat } from "@/manage/parts/useFormat";

import { byReason, type CountGroup, groupsOf, rowsAhead } from "./counts";
import styles from "./exports.module.css";
import { QuestionCounts } from "./QuestionCounts";
import { useExportText } from "./useExportText";
import { useQuestionTitles } from "./useQuestionTitles";

/** Items and rows ahead, what is left out and why, and what people said about each question. */
export function PreviewCounts({ preview }: { preview: ExportPreview }) {
  const { t } = useTranslation("exports");
  const format = useFormat();
  const { rows, exact } = rowsAhead(preview);
  const seen = format.integer(preview.seen);
  return (
    <>
      <dl className={styles.tiles}>
        <Tile label={t("preview.items")} note={t("preview.items_note", { count: preview.items })}>
          {format.integer(preview.items)}
        </Tile>
        <Tile
          label={t("preview.rows")}
          note={
            exact
              ? t("preview.rows_exact")
              : t("preview.rows_about", { seen, rows: format.integer(preview.sample_rows) })
          }
        >
          {exact ? format.integer(rows) : t("preview.about", { count: rows })}
        </Tile>
        <LeftOut preview={preview} exact={exact} />
      </dl>
      {groupsOf(preview.sample_counts).map((group) => (
        <Breakdown key={group.by} group={group} />
      ))}
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

function LeftOut({ preview, exact }: { preview: ExportPreview; exact: boolean }) {
  const { t } = useTranslation("exports");
  const format = useFormat();
  const text = useExportText();
  const reasons = byReason(preview.sample_left_out);
  const waiting = preview.not_settled;
  return (
    <div className={styles.tile} data-wide="true">
      <dt>{t("preview.left_out")}</dt>
      <dd>
        {reasons.length === 0 && waiting === 0 && (
          <span className={styles.tileNumber}>{t("preview.left_none")}</span>
        )}
        <ul className={styles.reasons}>
          {reasons.map(({ name, count }) => (
            <li key={name}>
              <b>{format.integer(count)}</b> {text.reason(name)}
            </li>
          ))}
        </ul>
        {reasons.length > 0 && (
          <Text size="xs" c="dimmed">
            {exact
              ? t("preview.left_note_all")
              : t("preview.left_note", { seen: format.integer(preview.seen) })}
          </Text>
        )}
        {waiting > 0 && (
          <Text size="sm">
            <b>{format.integer(waiting)}</b> {t("preview.not_settled", { count: waiting })}
          </Text>
        )}
      </dd>
    </div>
  );
}

const KNOWN = ["dimensions", "splits", "generators", "sets", "others"] as const;

/** What the format itself counts, in the items seen. */
function Breakdown({ group: { by, counts } }: { group: CountGroup }) {
  const { t } = useTranslation("exports");
  const format = useFormat();
  const title = useQuestionTitles();
  const text = useExportText();
  const known = KNOWN.find((name) => name === by);
  const name = (of: string) => {
    if (by === "dimensions") return title(of);
    return by === "others" ? text.reason(of) : of;
  };
  return (
    <div className={styles.breakdown}>
      <Text size="xs" fw={600}>
        {known ? t(`preview.counts_of.${known}`) : by}
      </Text>
      <ul>
        {counts.map(({ name: of, count }) => (
          <li key={of}>
            {name(of)} <b>{format.integer(count)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
