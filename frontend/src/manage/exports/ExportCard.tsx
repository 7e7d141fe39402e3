import { Button, Group, Progress, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import type { Export } from "@/api/types";
import { JobBadge } from "@/manage/batches/JobBadge";
import { Notice } from "@/manage/parts/Notice";
import { useFormat } from "@/manage/parts/useFormat";
import { isPending } from "@/manage/queries";

import styles from "./exports.module.css";
import { Files } from "./FileTable";
import { useFormatText } from "./useFormatText";

export function ExportCard({ one, onAgain }: { one: Export; onAgain: () => void }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const [open, { toggle }] = useDisclosure(false);
  const who = one.created_by?.display_name ?? one.created_by?.username;
  return (
    <article className={styles.export} aria-label={`${one.format}, ${format.dateTime(one.created_at)}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Group gap="xs">
            <Text fw={600}>{one.format}</Text>
            <JobBadge state={one.state} progress={one.progress} />
          </Group>
          <Text size="xs" c="dimmed">
            {format.dateTime(one.created_at)}
            {who !== undefined && ` · ${t("batches.by", { name: who })}`}
            <Options options={one.options} />
          </Text>
          {one.state === "done" && (
            <Text size="sm" mt={2}>
              {one.rows !== null && `${t("exports.rows", { count: one.rows })} · `}
              {t("exports.files", { count: one.file_count, bytes: format.bytes(one.total_bytes) })}
            </Text>
          )}
        </div>
        <Group gap="xs" wrap="nowrap">
          {one.state === "done" && (
            <>
              <Button size="compact-sm" variant="default" aria-expanded={open} onClick={toggle}>
                {open ? "▾" : "▸"} {t("exports.show_files")}
              </Button>
              <Button
                size="compact-sm"
                component="a"
                href={`/api/v1/exports/${one.id}/archive`}
                download
              >
                {t("exports.archive")}
              </Button>
            </>
          )}
          {!isPending(one) && (
            <Button size="compact-sm" variant="default" onClick={onAgain}>
              {t("exports.again")}
            </Button>
          )}
        </Group>
      </Group>
      {isPending(one) && (
        <>
          <Progress
            mt="xs"
            color="blue"
            value={one.progress.total === 0 ? 0 : (100 * one.progress.done) / one.progress.total}
            animated={one.state === "running"}
            aria-label={one.format}
          />
          <Text size="xs" c="dimmed" mt={4} role="status">
            {t("exports.progress", {
              done: format.integer(one.progress.done),
              total: format.integer(one.progress.total),
            })}
          </Text>
        </>
      )}
      {one.state === "failed" && (
        <Notice color="red" mt="xs" p="xs">
          {one.error}
        </Notice>
      )}
      {open && <Files export={one} />}
    </article>
  );
}

function Options({ options }: { options: Export["options"] }) {
  const { t } = useTranslation("manage");
  const text = useFormatText();
  const said = Object.entries(options).map(([name, value]) => {
    const said =
      typeof value === "boolean" ? t(value ? "exports.yes" : "exports.no") : text.choice(String(value));
    return `${text.name(name)}: ${said}`;
  });
  return said.length === 0 ? null : ` · ${said.join(", ")}`;
}
