/** Why something is so, in the reader's language: by code, with its values. */

import { bringLater } from "./speaking";
import { useTranslationIfHere } from "./useTranslation";

export interface Reason {
  code: string;
  params: Record<string, unknown>;
  message: string;
}

/** The catalog of reasons is long, and nobody waits for it: until it is here the server's own words do. */
export function bringReasons(): void {
  bringLater("reasons");
}

export function useReason(): (reason: Reason) => string {
  const { t, i18n } = useTranslationIfHere("reasons");
  // A page that is older than its server may meet a code that it does not know.
  return ({ code, params, message }) =>
    i18n.exists(code, { ns: "reasons" }) ? t(code as Parameters<typeof t>[0], params) : message;
}

/** Several reasons, one sentence after the other. */
export function useReasons(): (reasons: readonly Reason[]) => string {
  const say = useReason();
  return (reasons) => reasons.map(say).join(" ");
}
