import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Notice } from "@/manage/parts/Notice";

/** Says on every page of a project that it gives out no work; nothing while it does. */
export function StateBanner({ state }: { state: Schemas["ProjectState"] }) {
  const { t } = useTranslation("running");
  if (state !== "paused" && state !== "archived") return null;
  return (
    <Notice color={state === "paused" ? "orange" : "gray"} title={t(`banner.${state}_title`)} mb="md">
      <Text size="sm">{t(`banner.${state}`)}</Text>
    </Notice>
  );
}
