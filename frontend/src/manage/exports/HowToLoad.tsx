import { Group, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { CopyButton } from "@/manage/parts/CopyButton";

import styles from "./HowToLoad.module.css";

/** Code that opens the folder, and the command that makes it again. */
export function HowToLoad({ one }: { one: Schemas["Export"] }) {
  const { t } = useTranslation("exports");
  return (
    <div className={styles.code}>
      {one.snippet !== "" && (
        <Snippet
          title={t("load_title")}
          note={t("load_note", { folder: one.format })}
          copy={t("load_copy")}
          text={one.snippet}
        />
      )}
      <Snippet
        title={t("command_title")}
        note={t("command_note")}
        copy={t("command_copy")}
        text={one.command}
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
