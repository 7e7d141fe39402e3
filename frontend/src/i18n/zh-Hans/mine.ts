import type { mine as en } from "@/i18n/en/mine";
import type { Same } from "@/i18n/same";

export const mine: Same<typeof en> = {
  title: "我的回答",
  back: "我的项目",
  note: "最近 200 个。被驳回的会显示理由；其名额已分给他人，或作为新条目重新分给您。",
  hidden: "最近 200 个。本项目不显示其中哪些被驳回。",
  empty: "您在这里还没有作答。",
  rejected: "已驳回",
  sent_back: "已退回",
  only_rejected: "只看被驳回的",
  none_rejected: "没有被驳回的回答。",
};
