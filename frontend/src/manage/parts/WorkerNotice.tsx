import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { readinessQuery } from "@/manage/queries";
import { Notice } from "./Notice";

/** Says in words why work is waiting; shown while `waiting`, silent when all is well. */
export function WorkerNotice({ waiting }: { waiting: boolean }) {
  const { t } = useTranslation("manage");
  const reason = useReason();
  const { data: checks = [] } = useQuery({ ...readinessQuery, enabled: waiting });
  const failing = checks.filter((check) => !check.ok);
  if (!waiting || failing.length === 0) return null;
  const noWorker = failing.some((check) => check.name.includes("worker"));
  return (
    <Notice
      color="orange"
      role="alert"
      title={noWorker ? t("worker.none_title") : t("worker.problem_title")}
    >
      {noWorker && <Text size="sm">{t("worker.none")}</Text>}
      {failing.map((check) => (
        <Text size="xs" c="dimmed" key={check.name}>
          {check.name}: {reason(check)}
        </Text>
      ))}
    </Notice>
  );
}
