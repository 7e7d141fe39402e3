import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "./useFormat";

interface Report {
  computed_at: string;
  computing: boolean;
}

/** A report that is younger is as good as live. */
const FRESH_MS = 10_000;

export function isReport(data: unknown): data is Report {
  return typeof data === "object" && data !== null && "computed_at" in data && "computing" in data;
}

interface Props {
  report: Report;
  /** When it came, in milliseconds since 1970. */
  arrivedAt: number;
}

/** Says of when a report is that a worker had computed before it was asked for. */
export function AsOf({ report, arrivedAt }: Props) {
  const { t } = useTranslation("manage");
  const { time } = useFormat();
  const isFresh = arrivedAt - Date.parse(report.computed_at) < FRESH_MS;
  if (isFresh && !report.computing) return null;
  return (
    <Text size="xs" c="dimmed" role="status">
      {t(report.computing ? "as_of_computing" : "as_of", { time: time(report.computed_at) })}
    </Text>
  );
}
