import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Section } from "@/manage/parts/Section";

import styles from "./QuestionEditor.module.css";
import {
  changed,
  type Draft,
  type DraftProblem,
  hasOptions,
  hasScale,
  moved,
  newDraft,
  QUESTION_TYPES,
} from "./drafts";

interface Props {
  drafts: readonly Draft[];
  onChange: (drafts: Draft[]) => void;
  problems: ReadonlyMap<number, DraftProblem>;
}

export function QuestionEditor({ drafts, onChange, problems }: Props) {
  const { t } = useTranslation("manage");
  const add = () => onChange([...drafts, newDraft(Math.max(-1, ...drafts.map((one) => one.key)) + 1)]);
  return (
    <Section title={t("questions.title")}>
      <Stack gap="sm">
        {drafts.map((draft, index) => (
          <DraftCard
            key={draft.key}
            draft={draft}
            number={index + 1}
            problem={problems.get(draft.key)}
            onChange={(more) =>
              onChange(drafts.map((one) => (one === draft ? changed(one, more) : one)))
            }
            onMove={(by) => onChange(moved(drafts, index, by))}
            onRemove={() => onChange(drafts.filter((one) => one !== draft))}
          />
        ))}
        <Button variant="default" onClick={add} w="fit-content">
          {t("questions.add")}
        </Button>
      </Stack>
    </Section>
  );
}

interface DraftCardProps {
  draft: Draft;
  number: number;
  problem: DraftProblem | undefined;
  onChange: (more: Partial<Draft>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

function DraftCard({ draft, number, problem, onChange, onMove, onRemove }: DraftCardProps) {
  const { t } = useTranslation("manage");
  const name = t("questions.number", { number });
  const small = { size: "compact-xs", variant: "default" } as const;
  return (
    <fieldset className={styles.question} aria-label={name}>
      <Group justify="space-between" mb="xs">
        <Text size="sm" fw={600}>
          {name}
        </Text>
        <Group gap={4}>
          <Button {...small} aria-label={`${t("questions.up")}: ${name}`} onClick={() => onMove(-1)}>
            ↑
          </Button>
          <Button {...small} aria-label={`${t("questions.down")}: ${name}`} onClick={() => onMove(1)}>
            ↓
          </Button>
          <Button {...small} aria-label={`${t("questions.remove")}: ${name}`} onClick={onRemove}>
            {t("questions.remove")}
          </Button>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <Select
          label={t("questions.type")}
          value={draft.type}
          allowDeselect={false}
          data={QUESTION_TYPES.map((type) => ({ value: type, label: t(`questions.types.${type}`) }))}
          onChange={(type) => onChange({ type: (type ?? draft.type) })}
        />
        <TextInput
          label={t("questions.question_title")}
          value={draft.title}
          maxLength={200}
          error={problem === "title" && t("create.problems.title")}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
        />
        <TextInput
          label={t("questions.id")}
          value={draft.id}
          maxLength={50}
          error={problem?.startsWith("id_") === true && t(`create.problems.${problem}`)}
          onChange={(event) => onChange({ id: event.currentTarget.value })}
        />
      </SimpleGrid>
      <Group align="flex-end" gap="sm" mt="xs">
        <TextInput
          label={t("questions.help")}
          value={draft.help}
          flex={1}
          onChange={(event) => onChange({ help: event.currentTarget.value })}
        />
        {hasScale(draft) && (
          <>
            <NumberInput
              label={t("questions.lowest")}
              value={draft.lowest}
              w={100}
              allowDecimal={false}
              onChange={(value) => onChange({ lowest: Number(value) })}
            />
            <NumberInput
              label={t("questions.highest")}
              value={draft.highest}
              w={100}
              allowDecimal={false}
              onChange={(value) => onChange({ highest: Number(value) })}
            />
          </>
        )}
        <Switch
          label={t("questions.required")}
          checked={draft.required}
          mb={8}
          onChange={(event) => onChange({ required: event.currentTarget.checked })}
        />
      </Group>
      {hasOptions(draft) && (
        <Textarea
          label={t("questions.flags")}
          value={draft.flags}
          rows={3}
          mt="xs"
          onChange={(event) => onChange({ flags: event.currentTarget.value })}
        />
      )}
      {problem !== undefined && problem !== "title" && !problem.startsWith("id_") && (
        <Text size="xs" c="red.8" role="alert" mt={4}>
          {t(`create.problems.${problem}`)}
        </Text>
      )}
    </fieldset>
  );
}
