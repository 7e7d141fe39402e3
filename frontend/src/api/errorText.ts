/** An error as a person reads it: by code, in their language. */

import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";

import { ApiError, NoAnswer } from "./client";

export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation("app");
  const reason = useReason();
  return (error) => {
    if (error instanceof NoAnswer) return t("errors.no_answer");
    if (!(error instanceof ApiError)) return t("errors.other", { code: String(error) });
    const fields = Object.values(error.fields);
    // That something can't be taken says less than what, and why.
    if (error.code === "invalid" && fields.length > 0) return fields.map(reason).join(" ");
    return reason(error);
  };
}
