import { useTranslation } from "react-i18next";

import type { manage } from "@/i18n/en/manage";

type Known = keyof (typeof manage)["exports"]["format_names"];

/** What a format holds, in the reader's language; "" for one that has no words yet. */
export function useFormatText(): (name: string) => string {
  const { t, i18n } = useTranslation("manage");
  return (name) =>
    i18n.exists(`exports.format_names.${name}`, { ns: "manage" })
      ? t(`exports.format_names.${name as Known}`)
      : "";
}
