import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

/** Which answers a number is made of, in a sentence; nothing until that is known. */
export function Counted({ answers }: { answers: Schemas["WhichAnswers"] | undefined }) {
  const { t } = useTranslation("numbers");
  return answers === undefined ? null : <span>{t(`which.${answers}`)}</span>;
}
