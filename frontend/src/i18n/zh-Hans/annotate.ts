import type { annotate as en } from "@/i18n/en/annotate";
import type { Same } from "@/i18n/same";

export const annotate: Same<typeof en> = {
  title: "标注",
};
