import { useTranslation } from "@/i18n/useTranslation";

import type { Reference } from "./queries";

/** What a reference is called: the project's own images have a name in the reader's language. */
export function useReferenceName(): (reference: Pick<Reference, "source" | "name">) => string {
  const { t } = useTranslation("metrics");
  return ({ source, name }) => (source === "images" ? t("references.kind_images") : name);
}
