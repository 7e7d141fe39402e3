import { Button, Group, Modal, NumberInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { meQuery } from "@/api/queries";
import { GuidelineField } from "@/manage/guideline/GuidelineField";
import { Failed } from "@/manage/parts/states";
import { projectQuery } from "@/manage/queries";

type Editable = Pick<
  Schemas["Project"],
  "name" | "guideline" | "overlap" | "review_rate" | "lease_seconds"
>;

export function EditProject({ project, onClose }: { project: Schemas["Project"]; onClose: () => void }) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const [form, setForm] = useState<Editable>(project);
  const save = useMutation({
    mutationFn: () =>
      answer(
        server.PATCH("/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: changed(project, form),
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(projectQuery(project.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const uploaded = (project.items ?? 0) > 0;
  const set = (more: Partial<Editable>) => setForm({ ...form, ...more });
  return (
    <Modal opened onClose={onClose} title={t("overview.edit_title")} size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t("create.name")}
            value={form.name}
            maxLength={200}
            required
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <GuidelineField
            project={project.id}
            value={form.guideline}
            onChange={(guideline) => set({ guideline })}
          />
          <SimpleGrid cols={3} style={{ alignItems: "end" }}>
            <NumberInput
              label={t("create.overlap")}
              disabled={uploaded}
              title={uploaded ? t("overview.overlap_fixed") : undefined}
              value={form.overlap}
              min={1}
              max={9}
              allowDecimal={false}
              onChange={(value) => set({ overlap: Number(value) })}
            />
            <NumberInput
              label={t("create.review_rate")}
              value={Math.round(form.review_rate * 1000) / 10}
              min={0}
              max={100}
              decimalScale={1}
              onChange={(value) => set({ review_rate: Number(value) / 100 })}
            />
            <NumberInput
              label={t("create.lease")}
              value={form.lease_seconds / 60}
              min={0.5}
              max={1440}
              decimalScale={1}
              onChange={(value) => set({ lease_seconds: Math.round(Number(value) * 60) })}
            />
          </SimpleGrid>
          {save.isError && <Failed error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Only what differs is sent, so that two managers do not undo each other's edits. */
function changed(project: Schemas["Project"], form: Editable): Partial<Editable> {
  const keys = ["name", "guideline", "overlap", "review_rate", "lease_seconds"] as const;
  return Object.fromEntries(
    keys.filter((key) => form[key] !== project[key]).map((key) => [key, form[key]]),
  );
}
