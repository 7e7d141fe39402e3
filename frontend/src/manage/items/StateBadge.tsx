import { Badge } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { ItemState } from "./filters";

const COLOURS: Record<ItemState, string> = {
  open: "gray",
  in_work: "blue",
  waiting: "orange",
  settled: "green",
  excluded: "red",
};

/** How far an item is, in a word. */
export function StateBadge({ state }: { state: ItemState }) {
  const { t } = useTranslation("items");
  return (
    <Badge color={COLOURS[state]} fw={600}>
      {t(`state.${state}`)}
    </Badge>
  );
}
