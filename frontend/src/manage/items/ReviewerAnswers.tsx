import { Stack, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { GivenTable } from "./GivenTable";
import type { DetailedItem } from "./queries";

/** What reviewers would have answered; it counts nowhere. */
export function ReviewerAnswers({ project, item }: { project: Schemas["Project"]; item: DetailedItem }) {
  const { t } = useTranslation("reviewers");
  const format = useFormat();
  const kept = item.reviewer_answers;
  if (kept.length === 0) return null;
  const nameOf = (id: string) => item.answers.find((one) => one.id === id)?.annotator.name ?? "";
  return (
    <Section title={t("kept")} note={t("kept_note")}>
      <GivenTable
        project={project}
        letters={item.images.map((image) => image.letter)}
        checklist={item.checklist}
        given={kept}
        head={(one) => (
          <Stack gap={0}>
            {one.reviewer.name}
            <Text size="xs" c="dimmed">
              {one.corrects === null
                ? t("kept_first")
                : t("kept_corrects", { name: nameOf(one.corrects) })}
              {" · "}
              {format.dateTime(one.at)}
            </Text>
          </Stack>
        )}
      />
    </Section>
  );
}
