import type { numbers as en } from "@/i18n/en/numbers";
import type { Same } from "@/i18n/same";

export const numbers: Same<typeof en> = {
  which: {
    first: "统计对象：审核之前的首次答案；被退回后的替补答案不计入。",
    standing: "统计对象：当前有效的答案，包括被退回后的替补答案。",
    accepted: "统计对象：已定案条目中被接受的答案。",
  },
};
