import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Stack as Bar } from "@/manage/charts/Stack";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./QuestionCounts.module.css";
import { useQuestionTitles } from "./useQuestionTitles";

const CHOICES = ["a", "b", "tie", "both_bad", "unsure"] as const;
const COLOURS = {
  a: "#5b7fa6",
  b: "#b97a1e",
  tie: "#9aa2ad",
  both_bad: "#b3372f",
  unsure: "#d9dce0",
  undecided: "#6b6f76",
};

interface Props {
  preview: Schemas["ExportPreview"];
}

/** How each question was decided over the settled items, ties among them. */
export function QuestionCounts({ preview: { questions, settled } }: Props) {
  const { t } = useTranslation("exports");
  if (settled === 0 || questions.length === 0) return null;
  return (
    <section aria-label={t("preview.by_question")}>
      <Text size="sm" fw={600}>
        {t("preview.by_question")}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t("preview.by_question_note", { count: settled })}
      </Text>
      <div className={styles.questions}>
        {questions.map((count) => (
          <Question key={count.question} count={count} />
        ))}
      </div>
    </section>
  );
}

function Question({ count }: { count: Schemas["QuestionCount"] }) {
  const { t } = useTranslation("exports");
  const format = useFormat();
  const title = useQuestionTitles();
  const ties = count.decided.tie ?? 0;
  return (
    <div className={styles.question}>
      <Text size="sm">
        {title(count.question)}{" "}
        <Text span size="xs" c="dimmed">
          {t("preview.answered", { count: count.answered })}
          {count.kind === "preference" &&
            count.answered > 0 &&
            ` · ${t("preview.ties", { share: format.percent(ties / count.answered) })}`}
        </Text>
      </Text>
      {count.kind === "preference" && count.answered > 0 && (
        <Bar
          parts={[
            ...CHOICES.map((choice) => ({
              label: t(`preview.${choice}`),
              count: count.decided[choice] ?? 0,
              colour: COLOURS[choice],
            })),
            { label: t("preview.undecided"), count: count.undecided ?? 0, colour: COLOURS.undecided },
          ].filter((part) => part.count > 0)}
        />
      )}
    </div>
  );
}
