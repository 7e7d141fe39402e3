import type { loop as en } from "@/i18n/en/loop";
import type { Same } from "@/i18n/same";

export const loop: Same<typeof en> = {
  link: "训练循环的候选组",
  title: "训练循环",
  intro:
    "训练循环交出一个提示词的若干候选图像并等待。它们排在队列最前；有人回答完毕或时间已到时，训练循环会得知排序结果。",
  empty_title: "还没有训练循环提出过请求",
  empty_text: "使用 triptych-client 包只需五行代码；令牌在你的设置中创建。",
  step: "步数",
  prompt: "提示词",
  candidates: "候选图像",
  state: "状态",
  votes: "回答",
  ends: "截止",
  table: "候选组，最新的在前",
  show: "排序",
  hide: "收起",
  states: {
    waiting: "等待中",
    whole: "已齐",
    partial: "不全",
    expired: "回答过少",
    failed: "无法显示",
  },
  best_first: "按“{{question}}”，最好的在前",
  nobody: "还没有人回答。",
  candidate: "候选 {{number}}",
  strength: "{{value}}（{{low}} 至 {{high}}）",
};
