import { Button, Grid, Group, NumberInput, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ComponentType, type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useNavigate } from "react-router";

import { answer, type Schemas, server } from "@/api/client";
import { meQuery } from "@/api/queries";
import { Frame } from "@/manage/frame/Frame";
import { GuidelineField } from "@/manage/guideline/GuidelineField";
import { Notice } from "@/manage/parts/Notice";
import { PageHead, Section } from "@/manage/parts/Section";
import { Failed, Loaded } from "@/manage/parts/states";
import { templatesQuery } from "@/manage/queries";
import type { PreviewProps } from "@/questions/preview";

import { Composer } from "./Composer";
import { type Draft, newDraft, toQuestion } from "./drafts";
import { TemplateCards } from "./TemplateCards";
import { ofQuestions, useRefusals } from "./useRefusals";

interface Form {
  template: Schemas["TemplateName"];
  name: string;
  guideline: string;
  overlap: number;
  reviewPercent: number;
  leaseMinutes: number;
}

const START: Form = {
  template: "mps",
  name: "",
  guideline: "",
  overlap: 3,
  reviewPercent: 20,
  leaseMinutes: 10,
};

export function CreatePage({ Preview }: { Preview: ComponentType<PreviewProps> }) {
  const { t } = useTranslation("manage");
  const templates = useQuery(templatesQuery);
  return (
    <Frame>
      <PageHead title={t("create.title")} />
      <Loaded query={templates} rows={5}>
        {(all) => <CreateForm templates={all} Preview={Preview} />}
      </Loaded>
    </Frame>
  );
}

function newProject(form: Form, drafts: readonly Draft[]): Schemas["NewProjectRequest"] {
  return {
    name: form.name.trim(),
    template: form.template,
    guideline: form.guideline,
    overlap: form.overlap,
    review_rate: form.reviewPercent / 100,
    lease_seconds: Math.round(form.leaseMinutes * 60),
    ...(form.template === "custom" ? { questions: drafts.map((draft, place) => toQuestion(draft, place, drafts)) } : {}),
  };
}

function useCreate() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ form, drafts }: { form: Form; drafts: readonly Draft[] }) =>
      answer(server.POST("/projects", { body: newProject(form, drafts) })),
    onSuccess: async (project) => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      await navigate(`/projects/${project.id}/batches`);
    },
  });
}

interface CreateFormProps {
  templates: readonly Schemas["Template"][];
  Preview: ComponentType<PreviewProps>;
}

function CreateForm({ templates, Preview }: CreateFormProps) {
  const { t } = useTranslation(["manage", "composing"]);
  const [form, setForm] = useState(START);
  const [drafts, setDrafts] = useState<Draft[]>([newDraft([])]);
  const create = useCreate();
  const custom = form.template === "custom";
  const refusals = useRefusals(create.error);
  const set = (more: Partial<Form>) => setForm({ ...form, ...more });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    create.mutate({ form, drafts });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Section title={t("create.template")}>
          <TemplateCards
            templates={templates}
            value={form.template}
            onChange={(template) => set({ template })}
          />
        </Section>
        {custom && (
          <Section title={t("composing:title")}>
            <Composer
              drafts={drafts}
              onChange={setDrafts}
              refusals={ofQuestions(refusals)}
              begun={false}
              Preview={Preview}
            />
          </Section>
        )}
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Section title={t("overview.settings")}>
              <TextInput
                label={t("create.name")}
                placeholder={t("create.name_placeholder")}
                value={form.name}
                maxLength={200}
                required
                error={refusals.get("name")}
                onChange={(event) => set({ name: event.currentTarget.value })}
              />
              <GuidelineField
                project={null}
                value={form.guideline}
                onChange={(guideline) => set({ guideline })}
              />
            </Section>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Section title={t("create.advanced")}>
              <SimpleGrid cols={1} spacing="sm">
                <NumberInput
                  label={t("create.overlap")}
                  description={t("create.overlap_help")}
                  value={form.overlap}
                  min={1}
                  max={9}
                  allowDecimal={false}
                  error={refusals.get("overlap")}
                  onChange={(value) => set({ overlap: Number(value) })}
                />
                <NumberInput
                  label={t("create.review_rate")}
                  description={t("create.review_rate_help")}
                  value={form.reviewPercent}
                  min={0}
                  max={100}
                  decimalScale={1}
                  error={refusals.get("review_rate")}
                  onChange={(value) => set({ reviewPercent: Number(value) })}
                />
                <NumberInput
                  label={t("create.lease")}
                  description={t("create.lease_help")}
                  value={form.leaseMinutes}
                  min={0.5}
                  max={1440}
                  decimalScale={1}
                  error={refusals.get("lease_seconds")}
                  onChange={(value) => set({ leaseMinutes: Number(value) })}
                />
              </SimpleGrid>
            </Section>
          </Grid.Col>
        </Grid>
        {create.isError &&
          (refusals.size > 0 ? (
            <Notice color="red" role="alert">
              {t("create.refused")}
            </Notice>
          ) : (
            <Failed error={create.error} />
          ))}
        <Group justify="flex-end">
          <Button type="submit" size="md" loading={create.isPending}>
            {t("create.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
