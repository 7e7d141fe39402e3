import type { manage as en } from "@/i18n/en/manage";
import type { Same } from "@/i18n/same";

export const manage: Same<typeof en> = {
  title: "管理",
};
