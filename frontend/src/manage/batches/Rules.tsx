import { Button, Checkbox, Group, Modal, NumberInput, SimpleGrid, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Failed } from "@/manage/parts/states";
import { projectQuery } from "@/manage/queries";

const FIELDS = [
  "review_rate",
  "review_floor",
  "accept_reviewed",
  "accept_allowed",
  "show_verdicts",
  "image_by_image",
  "most_rejections",
  "ask_again_from",
  "second_share",
  "answers_first",
  "imported_votes",
] as const;

type RulesForm = Pick<Schemas["Project"], (typeof FIELDS)[number]>;

/** The project's rules of review and acceptance; they hold for all its batches. */
export function Rules({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("signoff");
  const tr = useTranslation("reviewers").t;
  const td = useTranslation("datasets").t;
  const project = useProject();
  const client = useQueryClient();
  const [form, setForm] = useState<RulesForm>(project);
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
      void client.invalidateQueries({ queryKey: ["batch"] });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const set = (more: Partial<RulesForm>) => setForm({ ...form, ...more });
  return (
    <Modal opened onClose={onClose} title={t("rules.title")} size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: "start" }}>
            <NumberInput
              label={t("rules.rate")}
              description={t("rules.rate_help")}
              value={Math.round(form.review_rate * 1000) / 10}
              min={0}
              max={100}
              decimalScale={1}
              onChange={(value) => set({ review_rate: Number(value) / 100 })}
            />
            <NumberInput
              label={t("rules.floor")}
              description={t("rules.floor_help")}
              value={form.review_floor}
              min={0}
              max={1000}
              allowDecimal={false}
              onChange={(value) => set({ review_floor: Number(value) })}
            />
            <NumberInput
              label={t("rules.reviewed")}
              description={t("rules.reviewed_help")}
              value={form.accept_reviewed ?? ""}
              min={1}
              allowDecimal={false}
              onChange={(value) => set({ accept_reviewed: numberOrNull(value) })}
            />
            <NumberInput
              label={t("rules.allowed")}
              description={t("rules.allowed_help")}
              value={form.accept_allowed ?? ""}
              min={0}
              allowDecimal={false}
              onChange={(value) => set({ accept_allowed: numberOrNull(value) })}
            />
            <NumberInput
              label={t("rules.most_rejections")}
              description={t("rules.most_rejections_help")}
              value={form.most_rejections}
              min={0}
              max={99}
              allowDecimal={false}
              onChange={(value) => set({ most_rejections: Number(value) })}
            />
            <NumberInput
              label={t("rules.ask_again")}
              description={t("rules.ask_again_help")}
              value={Math.round(form.ask_again_from * 1000) / 10}
              min={0}
              max={100}
              decimalScale={1}
              onChange={(value) => set({ ask_again_from: Number(value) / 100 })}
            />
            <NumberInput
              label={tr("share")}
              description={tr("share_help")}
              value={Math.round(form.second_share * 1000) / 10}
              min={0}
              max={100}
              decimalScale={1}
              onChange={(value) => set({ second_share: Number(value) / 100 })}
            />
          </SimpleGrid>
          <Checkbox
            label={tr("answers_first")}
            checked={form.answers_first}
            onChange={(event) => set({ answers_first: event.currentTarget.checked })}
          />
          <Checkbox
            label={t("rules.show_verdicts")}
            checked={form.show_verdicts}
            onChange={(event) => set({ show_verdicts: event.currentTarget.checked })}
          />
          <Checkbox
            label={t("rules.image_by_image")}
            checked={form.image_by_image}
            onChange={(event) => set({ image_by_image: event.currentTarget.checked })}
          />
          <Checkbox
            label={td("count")}
            checked={form.imported_votes}
            onChange={(event) => set({ imported_votes: event.currentTarget.checked })}
          />
          {save.isError && <Failed error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("rules.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function numberOrNull(value: string | number): number | null {
  return value === "" ? null : Number(value);
}

/** Only what differs is sent, so that two managers do not undo each other's edits. */
function changed(project: RulesForm, form: RulesForm): Partial<RulesForm> {
  return Object.fromEntries(FIELDS.filter((key) => form[key] !== project[key]).map((key) => [key, form[key]]));
}
