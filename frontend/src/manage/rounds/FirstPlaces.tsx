import { List, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionTitles } from "@/manage/exports/useQuestionTitles";
import { useFormat } from "@/manage/parts/useFormat";

import type { Rounds } from "./queries";

// Nothing is certain; and a share of random draws tells no more than this.
const SUREST = 0.999;

/** The stop rule in words, question by question. */
export function FirstPlaces({ report }: { report: Rounds }) {
  const { t } = useTranslation("rounds");
  const title = useQuestionTitles();
  const format = useFormat();
  const more = (first: Schemas["First"]) => {
    if (first.settled) return t("settled");
    if (first.more_items === null) return t("far");
    return t("more", {
      items: format.integer(first.more_items),
      votes: format.integer(first.more_items * report.overlap),
    });
  };
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t("first_title")}
      </Text>
      {report.first.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("none_yet")}
        </Text>
      )}
      <List size="sm" spacing={2}>
        {report.first.map((first) => (
          <List.Item key={first.question}>
            {t("first", {
              question: title(first.question),
              generator: first.generator,
              probability:
                first.probability > SUREST ? `> ${format.percent(SUREST, 1)}` : format.percent(first.probability),
              more: more(first),
            })}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
