import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useNavigate } from "react-router";

import { answer, type Schemas, server } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { DeleteDialog } from "@/manage/lifecycle/DeleteDialog";
import { Failed } from "@/manage/parts/states";
import { batchesQuery, batchQuery } from "@/manage/queries";

type Batch = Schemas["Batch"];

/** A batch as a whole: another name, or none of it any more. */
export function BatchActions({ batch }: { batch: Batch }) {
  const { t } = useTranslation("running");
  const navigate = useNavigate();
  const archived = useProject().state === "archived";
  const [asking, setAsking] = useState<"rename" | "remove" | null>(null);
  const close = () => setAsking(null);
  const isRead = batch.state === "running";
  return (
    <Group gap="xs" mt={-8}>
      <Button size="compact-sm" variant="default" disabled={archived} onClick={() => setAsking("rename")}>
        {t("batch.rename")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        {...(archived || isRead ? {} : { c: "red.9" })}
        disabled={archived || isRead}
        onClick={() => setAsking("remove")}
      >
        {t("batch.remove")}
      </Button>
      {asking === "rename" && <Rename batch={batch} onClose={close} />}
      {asking === "remove" && (
        <DeleteDialog
          thing="batch"
          id={batch.id}
          name={batch.name}
          onClose={close}
          onDone={() => void navigate(`/projects/${batch.project}/batches`)}
        />
      )}
    </Group>
  );
}

function Rename({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const { t } = useTranslation("running");
  const { t: tManage } = useTranslation("manage");
  const client = useQueryClient();
  const [name, setName] = useState(batch.name);
  const save = useMutation({
    mutationFn: () =>
      answer(
        server.PATCH("/batches/{batch_id}", {
          params: { path: { batch_id: batch.id } },
          body: { name },
        }),
      ),
    onSuccess: async (saved) => {
      client.setQueryData(batchQuery(batch.id).queryKey, saved);
      await client.invalidateQueries({ queryKey: batchesQuery(batch.project).queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t("batch.rename_title")} centered>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t("batch.name")}
            value={name}
            maxLength={200}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {save.isError && <Failed error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {tManage("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {tManage("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
