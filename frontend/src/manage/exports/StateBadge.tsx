import { Badge } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

type ExportState = Schemas["Export"]["state"];

const COLOURS: Record<ExportState, string> = {
  requested: "yellow",
  running: "blue",
  done: "green",
  failed: "red",
  cancelled: "gray",
  expired: "gray",
};

export function StateBadge({ state }: { state: ExportState }) {
  const { t } = useTranslation("exports");
  return (
    <Badge color={COLOURS[state]} fw={600}>
      {t(`states.${state}`)}
    </Badge>
  );
}
