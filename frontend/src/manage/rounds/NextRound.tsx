import { Button, Group, Input, NumberInput, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError } from "@/api/client";
import { useQuestionTitles } from "@/manage/exports/useQuestionTitles";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { batchesQuery } from "@/manage/queries";

import { answersOf } from "./answers";
import { FirstPlaces } from "./FirstPlaces";
import { type Design, drawRound, type Mode, type Rounds, roundsQuery } from "./queries";

const USUAL = 100;
const MODES: Mode[] = ["full", "evaluation"];

/** What people look at next: what is left, how it is drawn, the press; nothing where there are no pairs. */
export function NextRound() {
  const { t } = useTranslation("rounds");
  const project = useProject();
  const query = useQuery(roundsQuery(project.id));
  const report = query.data;
  if (query.error instanceof ApiError && query.error.status === 409) {
    return (
      <Section title={t("title")}>
        <Failed error={query.error} />
      </Section>
    );
  }
  if (!report || report.refused !== null || report.possible === 0) return null;
  return (
    <Section title={t("title")} note={t("note")}>
      <Left report={report} />
      <FirstPlaces report={report} />
      {report.left > 0 && project.state !== "archived" && <Draw report={report} />}
    </Section>
  );
}

function Left({ report }: { report: Rounds }) {
  const { t } = useTranslation("rounds");
  const format = useFormat();
  const text = t("pool", {
    left: format.integer(report.left),
    possible: format.integer(report.possible),
    images: format.integer(report.images),
    generators: format.integer(report.generators.length),
    prompts: format.integer(report.prompts),
  });
  return <Text size="sm">{report.left === 0 ? t("empty") : text}</Text>;
}

function Draw({ report }: { report: Rounds }) {
  const { t } = useTranslation("rounds");
  const project = useProject();
  const client = useQueryClient();
  const title = useQuestionTitles();
  const most = Math.min(report.left, report.most_items);
  const designs: Design[] = report.questions.length > 0 ? ["uniform", "adaptive"] : ["uniform"];
  const [design, setDesign] = useState<Design>("uniform");
  const [mode, setMode] = useState<Mode>("full");
  const [question, setQuestion] = useState(report.questions.at(-1) ?? "");
  const [items, setItems] = useState(USUAL);
  const [visit] = useState(() => crypto.getRandomValues(new Uint32Array(2)).join("-"));
  const chosen = Math.min(items, most);
  const asked = design === "adaptive" ? question : "";
  // The same press again is the same round, until it is there.
  const key = `${visit}:${report.rounds.length}:${chosen}:${asked || design}:${mode}`;
  const draw = useMutation({
    mutationFn: () => drawRound(project.id, { items: chosen, design, mode, question: asked }, key),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: batchesQuery(project.id).queryKey }),
        client.invalidateQueries({ queryKey: roundsQuery(project.id).queryKey }),
      ]),
  });
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="md">
        <Stack gap={4}>
          <Input.Label size="xs">{t("design")}</Input.Label>
          <SegmentedControl
            size="xs"
            aria-label={t("design")}
            value={design}
            onChange={setDesign}
            data={designs.map((value) => ({ value, label: t(`designs.${value}`) }))}
          />
        </Stack>
        {report.overlap > 1 && (
          <Stack gap={4}>
            <Input.Label size="xs">{t("mode")}</Input.Label>
            <SegmentedControl
              size="xs"
              aria-label={t("mode")}
              value={mode}
              onChange={setMode}
              data={MODES.map((value) => ({ value, label: t(`modes.${value}`, { overlap: report.overlap }) }))}
            />
          </Stack>
        )}
        {design === "adaptive" && report.questions.length > 1 && (
          <Select
            label={t("question")}
            size="xs"
            allowDeselect={false}
            value={question}
            onChange={(value) => setQuestion(value ?? question)}
            data={report.questions.map((value) => ({ value, label: title(value) }))}
          />
        )}
        <NumberInput
          label={t("items")}
          size="xs"
          w={100}
          min={1}
          max={most}
          allowDecimal={false}
          value={chosen}
          onChange={(value) => setItems(Number(value) || 1)}
        />
        <Button size="xs" loading={draw.isPending} onClick={() => draw.mutate()}>
          {t("draw")}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t(`design_note.${design}`)} {mode === "evaluation" && t("mode_note")}{" "}
        {t("votes", { count: answersOf(chosen, report.overlap, mode) })}
      </Text>
      {draw.error && <Failed error={draw.error} />}
    </Stack>
  );
}
