import { Badge, Group, Loader, Stack, Text, Title } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Empty, Failed, Loading } from "@/manage/parts/states";

import styles from "./Preview.module.css";
import { PreviewCounts } from "./PreviewCounts";
import { PreviewRows } from "./PreviewRows";
import { previewCsv } from "./tables";

interface Props {
  query: UseQueryResult<Schemas["ExportPreview"]>;
  /** The options can be looked at. */
  isReady: boolean;
  /** Something was typed that was not asked about yet. */
  isStale: boolean;
}

/** What an export with these options will hold; follows the options by itself. */
export function Preview({ query, isReady, isStale }: Props) {
  const { t } = useTranslation("exports");
  const isLooking = isReady && (isStale || query.isFetching);
  return (
    <section className={styles.preview} aria-label={t("preview.title")} aria-busy={isLooking}>
      <Group justify="space-between" mb="xs" mih={24}>
        <Title order={4} size="h6">
          {t("preview.title")}
        </Title>
        <Group gap="sm" wrap="nowrap">
          <span role="status">
            {isLooking ? (
              <Badge
                variant="transparent"
                color="gray"
                fw={400}
                leftSection={<Loader size={12} color="gray" />}
              >
                {t("preview.loading")}
              </Badge>
            ) : (
              <Text span size="xs" c="dimmed">
                {isReady && query.isSuccess ? t("preview.fresh") : ""}
              </Text>
            )}
          </span>
          {isReady && !isLooking && query.data && !query.data.empty && (
            <SaveMenu
              title={t("preview.title")}
              name="export-preview"
              tables={{ csv: () => previewCsv(query.data) }}
            />
          )}
        </Group>
      </Group>
      <Content query={query} isReady={isReady} isStale={isLooking} />
    </section>
  );
}

function Content({ query, isReady, isStale }: Props) {
  const { t } = useTranslation("exports");
  const reason = useReason();
  if (!isReady) {
    return (
      <Text size="sm" c="dimmed">
        {t("preview.waiting")}
      </Text>
    );
  }
  if (query.isError) {
    return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) return <Loading rows={4} />;
  if (query.data.empty) {
    return <Empty title={t("preview.empty_title")}>{reason(query.data.empty)}</Empty>;
  }
  return (
    <Stack gap="md" className={styles.previewBody ?? ""} data-stale={isStale}>
      {query.data.warnings.map((warning) => (
        <Notice key={warning.code} color="yellow" p="xs">
          {reason(warning)}
        </Notice>
      ))}
      <PreviewCounts preview={query.data} />
      <PreviewRows preview={query.data} />
    </Stack>
  );
}
