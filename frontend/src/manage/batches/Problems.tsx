import { Button, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { csvText } from "@/manage/csv";
import { Section } from "@/manage/parts/Section";
import { saveText } from "@/manage/parts/saveText";

import { ProblemTable } from "./ProblemTable";

/** Every rejected file of a batch with its reason. */
export function Problems({ batch }: { batch: Schemas["BatchWithProblems"] }) {
  const { t } = useTranslation("manage");
  const text = useReason();
  const problems = batch.problems.map(({ line, file, reason }) => ({
    line,
    file,
    code: reason.code,
    reason: text(reason),
  }));
  if (problems.length === 0) {
    if (batch.state !== "done") return null;
    return (
      <Section title={t("batch.problems")}>
        <Text size="sm">{t("batch.problems_none")}</Text>
      </Section>
    );
  }
  const download = () => {
    const header = [t("batch.line"), t("batch.file"), t("batch.reason")];
    const rows = problems.map(({ line, file, reason }) => [line, file, reason]);
    saveText(csvText(header, rows), `rejected-${batch.id}.csv`, "text/csv");
  };
  return (
    <Section
      title={`${t("batch.problems")} (${batch.problem_count})`}
      note={t("batch.problems_note")}
      actions={
        <Button variant="default" size="compact-sm" onClick={download}>
          {t("batch.download")}
        </Button>
      }
    >
      {batch.problem_count > problems.length && (
        <Text size="sm" c="dimmed">
          {t("batch.problems_more", { shown: problems.length, count: batch.problem_count })}
        </Text>
      )}
      <ProblemTable problems={problems} />
    </Section>
  );
}
