/** An error as a person reads it: by code, in their language; the server's words where they say more. */

import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { ApiError, NoAnswer } from "./client";

/** Codes whose server message holds what the person needs to put it right. */
const TELLING = new Set([
  "invalid",
  "answer_invalid",
  "revision_closed",
  "forbidden",
  "too_large",
  "conflict",
  "offset_mismatch",
]);

export function errorText(error: unknown, t: TFunction): string {
  if (error instanceof NoAnswer) return t("errors.no_answer");
  if (!(error instanceof ApiError)) return t("errors.other", { code: String(error) });
  switch (error.code) {
    case "too_many_attempts":
      return t("errors.too_many_attempts", { count: error.retryAfterSeconds ?? 60 });
    case "wrong_credentials":
      return t("sign_in.failed");
    case "not_signed_in":
    case "role_required":
    case "csrf":
    case "not_found":
    case "stale_state":
    case "key_reused":
    case "unavailable":
      return t(`errors.${error.code}`);
    default:
      break;
  }
  if (error.status >= 502) return t("errors.unavailable");
  if (TELLING.has(error.code)) return error.message;
  return t("errors.other", { code: error.code });
}

export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation("app");
  return (error) => errorText(error, t);
}
