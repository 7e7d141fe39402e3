import { Badge } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";

const COLOURS: Record<Schemas["BatchState"], string> = {
  uploading: "gray",
  requested: "yellow",
  running: "blue",
  done: "green",
  failed: "red",
  deleting: "gray",
};

/** A job's state in a word, with its share while it runs. */
export function JobBadge({ state, progress }: { state: Schemas["BatchState"]; progress?: Schemas["BatchProgress"] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const share =
    state === "running" && progress !== undefined && progress.total > 0
      ? ` ${format.percent(Math.floor((100 * progress.done) / progress.total) / 100)}`
      : "";
  return (
    <Badge color={COLOURS[state]} fw={600}>
      {t(`job.${state}`)}
      {share}
    </Badge>
  );
}
