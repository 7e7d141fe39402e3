import { Button, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { useRemove } from "@/manage/lifecycle/DeleteDialog";

/** Takes an upload that failed or was never finished away with one press: nothing came of it. */
export function DiscardUpload({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation("running");
  const text = useErrorText();
  const remove = useRemove("batch", batch.id, () => undefined);
  if ((batch.state !== "failed" && batch.state !== "uploading") || batch.items > 0) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={remove.isPending}
        aria-label={t("batch.discard_named", { name: batch.name || batch.filename })}
        onClick={() => remove.mutate(null)}
      >
        {t("batch.discard")}
      </Button>
      {remove.isError && (
        <Text size="xs" c="red.8" role="alert">
          {text(remove.error)}
        </Text>
      )}
    </>
  );
}
