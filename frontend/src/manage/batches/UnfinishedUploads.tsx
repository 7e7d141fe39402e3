import { Button, FileButton, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useMe } from "@/api/queries";
import { Notice } from "@/manage/parts/Notice";
import { Failed } from "@/manage/parts/states";
import { batchesQuery } from "@/manage/queries";
import { fingerprint, mismatch, rememberedUploads } from "@/manage/upload/remembered";
import { startUpload, useUploads } from "@/manage/upload/uploads";

import { DiscardUpload } from "./DiscardUpload";

interface Props {
  project: number;
  batches: readonly Schemas["Batch"][];
}

/** One's own uploads begun before a reload, or in another browser: they ask for the file again. */
export function UnfinishedUploads({ project, batches }: Props) {
  const running = useUploads(project).map(({ state }) =>
    state.kind === "creating" ? null : state.batch,
  );
  const me = useMe();
  return batches
    .filter((batch) => batch.state === "uploading" && !running.includes(batch.id))
    .filter((batch) => batch.created_by.id === me.id)
    .map((batch) => <Unfinished key={batch.id} batch={batch} />);
}

function Unfinished({ batch }: { batch: Schemas["Batch"] }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [wrong, setWrong] = useState<"size" | "content" | "name" | null>(null);
  const [error, setError] = useState<unknown>(null);

  const resume = (file: File) => {
    startUpload({
      project: batch.project,
      file,
      batch: { name: batch.name, filename: batch.filename, size: file.size, pairs: null },
      resume: batch.id,
      onFinished: () =>
        void client.invalidateQueries({ queryKey: batchesQuery(batch.project).queryKey }),
    });
  };

  const take = async (file: File | null) => {
    if (!file) return;
    try {
      const { size } = await answer(
        server.GET("/batches/{batch_id}/upload", { params: { path: { batch_id: batch.id } } }),
      );
      const known = rememberedUploads(localStorage, batch.project).find(
        (entry) => entry.batch === batch.id,
      );
      const expected = { filename: batch.filename, size, fingerprint: known?.fingerprint };
      const found = mismatch(expected, file, await fingerprint(file));
      setWrong(found);
      setError(null);
      if (found === null) resume(file);
    } catch (caught) {
      setError(caught);
    }
  };

  return (
    <Notice
      color="yellow"
      title={t("batches.unfinished_title", { filename: batch.filename })}
    >
      <Group justify="space-between">
        <Text size="sm" flex={1}>
          {t("batches.unfinished")}
        </Text>
        <DiscardUpload batch={batch} />
        <FileButton
          onChange={(file) => void take(file)}
          inputProps={{ "aria-label": t("batches.choose_same") }}
        >
          {(props) => (
            <Button {...props} size="compact-sm">
              {t("batches.choose_same")}
            </Button>
          )}
        </FileButton>
      </Group>
      {wrong && (
        <Text size="sm" c="red.8" role="alert">
          {t(`batches.mismatch.${wrong}`)}
        </Text>
      )}
      {error !== null && <Failed error={error} />}
    </Notice>
  );
}
