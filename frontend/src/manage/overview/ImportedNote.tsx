import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";

/** That imported judges said something, too, and that no number here is of it. */
export function ImportedNote({ imported }: { imported: readonly Schemas["ImportedCounts"][] }) {
  const { t } = useTranslation("datasets");
  const format = useFormat();
  const votes = imported.reduce((sum, one) => sum + one.votes, 0);
  return votes > 0 ? <> {t("not_in_agreement", { votes: format.integer(votes) })}</> : null;
}
