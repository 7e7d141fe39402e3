import type { rounds as en } from "@/i18n/en/rounds";
import type { Same } from "@/i18n/same";

export const rounds: Same<typeof en> = {
  title: "接下来看什么",
  note: "从项目里已有的图片中抽取图片对，作为单独的批次交给标注者。",
  pool: "{{possible}} 对中还有 {{left}} 对没有问过：{{images}} 张图片，{{generators}} 个生成器，{{prompts}} 个提示词。",
  empty: "同一提示词、不同生成器的图片对都已问过。",
  design: "抽取方式",
  designs: { uniform: "所有图片对机会均等", adaptive: "优先最有信息量的图片对" },
  design_note: {
    uniform: "每一对被抽中的机会相同。",
    adaptive: "可能不相上下、又了解不多的图片对更容易被抽中；每一对都保留其概率，胜率按概率加权。",
  },
  mode: "每个条目的人数",
  modes: { full: "各 {{overlap}} 人", evaluation: "各 1 人，五分之一 {{overlap}} 人" },
  mode_note:
    "用于评测：同样多的回答覆盖更多图片对，更快分出生成器的高下。多数图片对只有一个回答；随机抽出的五分之一说明人们的判断有多一致。",
  question: "依据的问题",
  items: "图片对数",
  votes_other: "共 {{count}} 个回答。",
  draw: "交给标注者",
  first_title: "第一名可靠吗？",
  first: "{{question}}：{{generator}} 是第一名的概率为 {{probability}}；{{more}}。",
  settled: "无论看过多少次，都已确定",
  more: "大约再有 {{items}} 对（{{votes}} 个回答）可能就会确定",
  far: "差距太小，无法预计",
  range: "十次中有八次需要 {{from}} 到 {{to}} 对。",
  range_from: "十次中有九次需要 {{from}} 对或更多；最多需要多少，无法预计。",
  range_beyond: "需要的数量超过已有结论的五十倍。",
  hours: "相当于 {{from}} 到 {{to}} 小时的人工。",
  hours_from: "相当于至少 {{from}} 小时的人工。",
  days: "按最近的速度，大约需要的数量会在 {{from}} 到 {{to}} 之间完成。",
  no_day: "完成时间：{{reason}}",
  pool_short_other: "未完成的和还能抽取的图片对只有 {{pairs}} 对：需要更多提示词的图片。",
  budget: "已交给标注者的条目中还有 {{share}} 未完成：{{planned}} 个中的 {{open}} 个。",
  none_yet: "还没有达成结论的条目。",
};
