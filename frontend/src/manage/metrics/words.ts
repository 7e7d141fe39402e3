import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { everAsked } from "@/questions/asked";
import type { Estimate, MetricAgreement } from "./queries";

/** What a dimension is called: its question, and the flag where there are several. */
export function useDimensionName(project: Schemas["Project"]): (row: Pick<MetricAgreement, "dimension" | "title">) => string {
  const { t } = useTranslation("manage");
  const { title, flag } = useQuestionText(project.template);
  return ({ dimension, title: fallback }) => {
    const [key, option] = dimension.split(".");
    const question = everAsked(project).find(({ id }) => id === key);
    if (!question) return fallback || dimension;
    const offered = question.options.find(({ id }) => id === option);
    return offered ? t("labelled", { name: title(question), value: flag(offered) }) : title(question);
  };
}

/** What people's number is, with its question: "Overall: share for a minus share for b". */
export function usePeopleWords(
  project: Schemas["Project"],
): (row: Pick<MetricAgreement, "dimension" | "title" | "kind">) => string {
  const { t, i18n } = useTranslation("metrics");
  const name = useDimensionName(project);
  return (row) => {
    const key = `people_is.${row.kind}`;
    const is = i18n.exists(key, { ns: "metrics" }) ? t(key as "people_is.rating") : row.kind;
    return t("scatter.y", { dimension: name(row), is });
  };
}

/** An interval as it is written: 0.12 … 0.34. */
export function useRange(): (interval: Estimate["interval"]) => string {
  const { t } = useTranslation("metrics");
  return (interval) => interval?.map((end) => end.toFixed(2)).join(" … ") ?? t("value.absent");
}
