import { Progress, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";
import { isWorking } from "@/manage/queries";

/** How many of the images are here that a manifest names at sources of the site. */
export function Fetching({ batch, total }: { batch: Schemas["Batch"]; total: number }) {
  const { t } = useTranslation("sources");
  const format = useFormat();
  const working = isWorking(batch);
  const colour = batch.state === "failed" ? "red" : working ? "blue" : "green";
  return (
    <>
      <Progress
        value={working ? (100 * batch.images) / total : 100}
        color={colour}
        animated={batch.state === "running"}
        aria-label={t("fetching")}
      />
      <Text size="sm" role="status">
        {t(working ? "fetching_note" : "fetched_note", {
          done: format.integer(batch.images),
          total: format.integer(total),
        })}
      </Text>
    </>
  );
}
