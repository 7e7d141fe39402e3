import { Button, Group, NativeSelect, NumberInput, SimpleGrid, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";

import { goldKey, type GoldReport, type GoldSettings, saveRule } from "./queries";

interface Props {
  project: number;
  rule: GoldSettings;
  test: GoldReport["test"];
}

const CONSEQUENCES = ["nothing", "warn", "pause", "return_share"] as const;
const RATES = ["gold_rate", "repeat_rate"] as const;
const TEST = ["good", "bad", "alpha", "beta"] as const;

/** How often known answers come, how the test is set, what follows from it. */
export function GoldRule({ project, rule, test }: Props) {
  const { t } = useTranslation("gold");
  const client = useQueryClient();
  const [form, setForm] = useState(rule);
  const save = useMutation({
    mutationFn: () => saveRule(project, form),
    onSuccess: () => client.invalidateQueries({ queryKey: goldKey(project) }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const set = (more: Partial<GoldSettings>) => {
    save.reset();
    setForm({ ...form, ...more });
  };
  const percent = (name: (typeof RATES)[number] | (typeof TEST)[number]) => ({
    label: t(`rule.${name}`),
    value: Math.round(form[name] * 1000) / 10,
    min: 0,
    max: 100,
    decimalScale: 1,
    onChange: (value: number | string) => set({ [name]: Number(value) / 100 }),
  });
  return (
    <Section title={t("rule.title")}>
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} style={{ alignItems: "end" }}>
          {RATES.map((name) => (
            <NumberInput key={name} {...percent(name)} description={t(`rule.${name}_help`)} />
          ))}
          <NumberInput
            label={t("rule.distance")}
            description={t("rule.distance_help")}
            value={form.distance}
            min={0}
            max={10_000}
            allowDecimal={false}
            onChange={(value) => set({ distance: Number(value) })}
          />
          <NativeSelect
            label={t("rule.consequence")}
            description={t("rule.consequence_help")}
            value={form.consequence}
            data={CONSEQUENCES.map((value) => ({ value, label: t(`consequence.${value}`) }))}
            onChange={(event) =>
              set({ consequence: event.currentTarget.value as GoldSettings["consequence"] })
            }
          />
        </SimpleGrid>
        <Text size="sm" fw={600} mt="md">
          {t("rule.test")}
        </Text>
        <Text size="sm" c="dimmed" mb="xs" maw="90ch">
          {t("rule.test_note", { wrong: test.stop_after, right: test.clear_after })}
        </Text>
        <SimpleGrid cols={{ base: 2, lg: 4 }} style={{ alignItems: "end" }}>
          {TEST.map((name) => (
            <NumberInput key={name} {...percent(name)} />
          ))}
        </SimpleGrid>
        {save.isError && <Failed error={save.error} />}
        <Group mt="md" gap="sm">
          <Button type="submit" loading={save.isPending}>
            {t("rule.save")}
          </Button>
          <Text size="sm" role="status">
            {save.isSuccess ? t("rule.saved") : ""}
          </Text>
        </Group>
      </form>
    </Section>
  );
}
