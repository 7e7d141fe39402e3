import { useTranslation } from "react-i18next";

import type { MetricReportRow } from "@/api/metrics";
import type { Project } from "@/api/types";
import { useQuestionText } from "@/i18n/questionText";

/** What a dimension is called: its question, and the flag where there are several. */
export function useDimensionName(project: Project): (row: Pick<MetricReportRow, "dimension" | "title">) => string {
  const { title, flag } = useQuestionText(project.template);
  return ({ dimension, title: fallback }) => {
    const [key, option] = dimension.split(".");
    const question = project.questions.find(({ id }) => id === key);
    if (!question) return fallback || dimension;
    const offered = question.options.find(({ id }) => id === option);
    return offered ? `${title(question)}: ${flag(offered)}` : title(question);
  };
}

/** What people's number is, with its question: "Overall: share for a minus share for b". */
export function usePeopleWords(
  project: Project,
): (row: Pick<MetricReportRow, "dimension" | "title" | "y_is">) => string {
  const { t } = useTranslation("metrics");
  const name = useDimensionName(project);
  return (row) => {
    const [key] = row.dimension.split(".");
    const type = project.questions.find(({ id }) => id === key)?.type;
    const is = type === undefined || type === "comment" ? row.y_is : t(`people_is.${type}`);
    return t("scatter.y", { dimension: name(row), is });
  };
}

/** An interval as it is written: 0.12 … 0.34. */
export function useRange(): (low: number | null, high: number | null) => string {
  const { t } = useTranslation("metrics");
  return (low, high) =>
    low === null || high === null ? t("value.absent") : `${low.toFixed(2)} … ${high.toFixed(2)}`;
}
