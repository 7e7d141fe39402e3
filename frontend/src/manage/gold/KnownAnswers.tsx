import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Section } from "@/manage/parts/Section";

import { goldQuery } from "./queries";
import { RatioPlot } from "./RatioPlot";
import { Share } from "./Share";
import { State } from "./TestedPeople";

/** On a person's page: known answers and repeats, and how the test stands; nothing without any. */
export function KnownAnswers({ project, user }: { project: number; user: number }) {
  const { t } = useTranslation("gold");
  const found = useQuery(goldQuery(project)).data;
  const one = found?.people.find(({ id }) => id === user);
  if (!found || !one) return null;
  return (
    <Section title={t("title")} note={t("people.note")}>
      <Group gap="xl" align="flex-start">
        <State of={one} />
        <div>
          <Text size="xs" c="dimmed">
            {t("people.passed")}
          </Text>
          <Share of={one.passed} reference={0.5} />
        </div>
        <div>
          <Text size="xs" c="dimmed">
            {t("people.repeated")}
          </Text>
          <Share of={one.repeated} reference={0.5} />
        </div>
        <RatioPlot steps={one.steps} test={found.test} />
      </Group>
    </Section>
  );
}
