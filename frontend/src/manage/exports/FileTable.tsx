import { Anchor, Button, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { copyText } from "@/manage/parts/copy";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./FileTable.module.css";
import { exportQuery } from "./queries";

type File = Schemas["ListedFile"];

/** Exports of images hold thousands of files; the rest is in the archive. */
const MOST = 100;

export function Files({ export: one }: { export: Schemas["Export"] }) {
  const query = useQuery(exportQuery(one.id));
  return (
    <Loaded query={query} rows={2}>
      {({ files }) => <FileTable files={files} count={one.file_count} />}
    </Loaded>
  );
}

function FileTable({ files, count }: { files: readonly File[]; count: number }) {
  const { t } = useTranslation("exports");
  const { t: common } = useTranslation("manage");
  const format = useFormat();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = async (file: File) => {
    if (await copyText(file.sha256)) setCopied(file.name);
  };
  return (
    <div className={styles.files}>
      <Table fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("file")}</Table.Th>
            <Table.Th ta="right">{t("size")}</Table.Th>
            <Table.Th>{t("sha")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.slice(0, MOST).map((file) => (
            <Table.Tr key={file.name}>
              <Table.Td>
                <Anchor
                  href={file.url}
                  download
                  fz="sm"
                  underline="always"
                  aria-label={t("download", { name: file.name })}
                >
                  {file.name}
                </Anchor>
              </Table.Td>
              <Table.Td ta="right">{format.bytes(file.bytes)}</Table.Td>
              <Table.Td>
                <code className={styles.sha} title={file.sha256}>
                  {file.sha256.slice(0, 16)}…
                </code>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={t("copy_sha", { name: file.name })}
                  onClick={() => void copy(file)}
                >
                  {common(copied === file.name ? "copied" : "copy")}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {count > Math.min(MOST, files.length) && (
        <Text size="xs" c="dimmed" mt="xs">
          {t("files_more", { shown: Math.min(MOST, files.length), count })}
        </Text>
      )}
    </div>
  );
}
