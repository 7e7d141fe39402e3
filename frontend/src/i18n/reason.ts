/** Why something is so, in the reader's language: by code, with its values. */

import type reasons from "@catalog/en/reasons.json";
import { useTranslation } from "react-i18next";

export interface Reason {
  code: string;
  params: Record<string, unknown>;
  message: string;
}

export function useReason(): (reason: Reason) => string {
  const { t, i18n } = useTranslation("reasons");
  // A page that is older than its server may meet a code that it does not know.
  return ({ code, params, message }) =>
    i18n.exists(code, { ns: "reasons" }) ? t(code as keyof typeof reasons, params) : message;
}

/** Several reasons, one sentence after the other. */
export function useReasons(): (reasons: readonly Reason[]) => string {
  const say = useReason();
  return (reasons) => reasons.map(say).join(" ");
}
