import type { training as en } from "@/i18n/en/training";
import type { Same } from "@/i18n/same";

export const training: Same<typeof en> = {
  tab: "培训",
  title: "培训",
  intro: "用已有定论的条目培训新标注员：每次回答后，他们会看到已知答案和您的备注。这些回答不计入任何统计。",
  item: {
    add: "用于培训…",
    change: "修改培训备注…",
    drop: "移出培训",
    note: "备注",
    note_help: "学员回答之后显示。",
    save: "保存",
    cancel: "取消",
  },
  rule: {
    title: "合格标准",
    pass: "合格所需的正确百分比",
    required: "标注员通过之后才能领取任务",
    save: "保存",
    saved: "已保存。",
  },
  items: {
    title: "培训条目",
    empty: "还没有条目。请打开一个已有定论的条目，将其用于培训。",
    to_items: "查看已有定论的条目",
    prompt: "条目",
    right: "正确回答",
    right_of: "{{of}} 中的 {{right}}",
    no_prompt: "没有提示词",
    asked_again: "正在重新标注，暂不使用",
  },
  people: {
    title: "人员",
    empty: "这里还没有标注员。",
    name: "标注员",
    attempts: "次数",
    best: "最好成绩",
    passed: "通过时间",
    not_yet: "尚未通过",
  },
};
