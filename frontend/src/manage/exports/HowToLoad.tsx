import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Export, ExportFormat } from "@/api/exports";
import { CopyButton } from "@/manage/parts/CopyButton";

import { commandOf, snippetOf } from "./command";
import styles from "./exports.module.css";
import { readmeCodeQuery } from "./queries";

/** Code that opens the folder, and the command that makes it again. */
export function HowToLoad({ one, format }: { one: Export; format: ExportFormat | undefined }) {
  const { t } = useTranslation("exports");
  const readme = useQuery(readmeCodeQuery(one));
  const code = readme.data ?? (readme.isPending ? null : snippetOf(one.format));
  return (
    <div className={styles.code}>
      {code !== null && (
        <Snippet
          title={t("load_title")}
          note={t("load_note", { folder: one.format })}
          copy={t("load_copy")}
          text={code}
        />
      )}
      <Snippet
        title={t("command_title")}
        note={t("command_note")}
        copy={t("command_copy")}
        text={commandOf(one, format?.fits === true ? format : undefined)}
      />
    </div>
  );
}

interface SnippetProps {
  title: string;
  note: string;
  copy: string;
  text: string;
}

function Snippet({ title, note, copy, text }: SnippetProps) {
  return (
    <section aria-label={title}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm">
          <b>{title}.</b>{" "}
          <Text span size="xs" c="dimmed">
            {note}
          </Text>
        </Text>
        <CopyButton label={copy} text={() => text} />
      </Group>
      <pre className={styles.snippet} tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </section>
  );
}
