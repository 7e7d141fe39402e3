import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";

import { goldQuery } from "./queries";
import { RatioPlot } from "./RatioPlot";
import { Share } from "./Share";
import { peopleCsv, stepsCsv } from "./tables";
import { State } from "./TestedPeople";

/** On a person's page: known answers and repeats, and how the test stands; nothing without any. */
export function KnownAnswers({ project, user }: { project: number; user: number }) {
  const { t } = useTranslation("gold");
  const plot = useRef<SVGSVGElement>(null);
  const found = useQuery(goldQuery(project)).data;
  const one = found?.people.find(({ id }) => id === user);
  if (!found || !one) return null;
  return (
    <Section
      title={t("title")}
      note={t("people.note")}
      actions={
        <SaveMenu
          title={t("title")}
          name={`known-answers-${project}-${user}`}
          tables={{ csv: () => peopleCsv([one]), points: () => stepsCsv([one]) }}
          {...(one.steps.length > 0 ? { plot } : {})}
        />
      }
    >
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
        <RatioPlot ref={plot} steps={one.steps} test={found.test} />
      </Group>
    </Section>
  );
}
