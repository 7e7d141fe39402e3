import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";

/** What published dataset an upload was recognised as, and the votes that came with it. */
export function Recognised({ dataset }: { dataset: Schemas["Batch"]["dataset"] }) {
  const { t } = useTranslation("datasets");
  const format = useFormat();
  if (dataset === null) return null;
  const votes = format.integer(dataset.votes);
  if (dataset.layout === "") return <Text size="sm">{t("votes_alone", { votes })}</Text>;
  const layout = t(`layout.${dataset.layout as "pickapic"}`);
  const rows = format.integer(dataset.rows);
  return (
    <Text size="sm" fw={500}>
      {dataset.votes > 0 ? t("recognised", { layout, rows, votes }) : t("recognised_bare", { layout, rows })}
    </Text>
  );
}
