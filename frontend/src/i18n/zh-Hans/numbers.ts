import type { numbers as en } from "@/i18n/en/numbers";
import type { Same } from "@/i18n/same";

export const numbers: Same<typeof en> = {
  which: {
    first: "统计对象：审核之前的首次答案；被退回后的替补答案不计入。",
    standing: "统计对象：当前有效的答案，包括被退回后的替补答案。",
    accepted: "统计对象：已有定论的条目中被接受的答案。",
  },
  qc: {
    note: "抽样条目中被退回的首次答案所占比例，及其 95% 区间：以条目为抽样单位，并按批次的有限大小修正。",
    effect: "同一条目的答案容易一起出错：平均 {{effect}} 个答案提供的信息相当于 1 个独立答案。",
    replacements_other: "替补答案另计，不属于样本：审核 {{count}} 个，退回 {{rejected}} 个（{{rate}}）。",
  },
};
