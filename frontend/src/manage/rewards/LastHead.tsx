import { Button, Group, Progress, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { cancelHead, type Head, isPending, retryHead } from "./queries";
import { useChange } from "./useChange";

/** The newest one, as long as it has no report: how far it is, or what became of it. */
export function LastHead({ head }: { head: Head }) {
  const { t } = useTranslation("rewards");
  if (isPending(head)) return <InTraining head={head} />;
  if (head.state === "failed") return <FailedTraining head={head} />;
  return (
    <Text size="sm" c="dimmed">
      {t("cancelled")}
    </Text>
  );
}

function InTraining({ head }: { head: Head }) {
  const { t } = useTranslation("rewards");
  const format = useFormat();
  const cancel = useChange(() => cancelHead(head.id));
  const { stage, done, total } = head.progress;
  return (
    <Section
      title={t("progress.title")}
      note={t(`progress.${stage}`)}
      actions={
        // One that measures is a metric already.
        stage !== "measuring" && (
          <Button size="compact-sm" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("progress.cancel")}
          </Button>
        )
      }
    >
      <Progress
        color="blue"
        value={total === 0 ? 0 : (100 * done) / total}
        animated={head.state === "running"}
        aria-label={t("progress.label")}
      />
      <Text size="xs" c="dimmed" role="status">
        {total === 0
          ? t("progress.waits")
          : t("progress.of", { done: format.integer(done), total: format.integer(total) })}
      </Text>
      {cancel.error && <Failed error={cancel.error} />}
    </Section>
  );
}

function FailedTraining({ head }: { head: Head }) {
  const { t } = useTranslation("rewards");
  const reason = useReason();
  const retry = useChange(() => retryHead(head.id));
  return (
    <Notice color="red" role="alert" title={t("failed")}>
      <Group justify="space-between">
        <Text size="sm">{head.error !== null && reason(head.error)}</Text>
        <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {t("retry")}
        </Button>
      </Group>
      {retry.error && <Failed error={retry.error} />}
    </Notice>
  );
}
