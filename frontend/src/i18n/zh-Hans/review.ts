import type { review as en } from "@/i18n/en/review";
import type { Same } from "@/i18n/same";

export const review: Same<typeof en> = {
  title: "审核",
};
