/** An error as a person reads it: by code, in their language. */

import { useTranslation } from "react-i18next";

import { useReason } from "@/i18n/reason";

import { ApiError, NoAnswer } from "./client";

/** Families, whose own sentence says less than the message until every refusal has its code. */
const FAMILIES = new Set(["invalid", "conflict", "too_large", "answer_invalid", "revision_closed"]);

export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation("app");
  const reason = useReason();
  return (error) => {
    if (error instanceof NoAnswer) return t("errors.no_answer");
    if (!(error instanceof ApiError)) return t("errors.other", { code: String(error) });
    return FAMILIES.has(error.code) ? error.message : reason(error);
  };
}
