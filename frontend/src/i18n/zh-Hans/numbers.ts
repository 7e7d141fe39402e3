import type { numbers as en } from "@/i18n/en/numbers";
import type { Same } from "@/i18n/same";

export const numbers: Same<typeof en> = {
  which: {
    first: "统计对象：审核之前的首次答案；被退回后的替补答案不计入。",
    standing: "统计对象：当前有效的答案，包括被退回后的替补答案。",
    accepted: "统计对象：已有定论的条目中被接受的答案。",
  },
  qc: {
    note: "统计首次答案，包括后来被负责人退回的。抽样条目中被退回的首次答案所占比例，及其 95% 区间：以条目为抽样单位，并按批次的有限大小修正。",
    effect: "同一条目的答案容易一起出错：平均 {{effect}} 个答案提供的信息相当于 1 个独立答案。",
    effect_assumed: "答案无一被退回或全部被退回时，无法看出同一条目的答案有多相似。此处假定它们一起出错：每个条目只算一次检查。",
    replacements_other: "替补答案另计，不属于样本：审核 {{count}} 个，退回 {{rejected}} 个（{{rate}}）。",
  },
  infinite_drawn: "∞ 的值画在该指标的上限处。",
  infinite_other: "{{count}} 个值为 ∞，按上限 {{cap}} 计",
  rivals: {
    title: "两个指标的比较",
    note: "在相同的条目上，哪个指标与人更一致。即使各自的区间有重叠，也应看差值本身的检验。",
    first: "指标",
    second: "对比指标",
    one_metric: "需要两个已测量的指标才能比较。",
    over: "基于 {{prompts}} 个提示词的 {{n}} 张（对）已评判的图像。",
    better: "{{better}} 比 {{worse}} 更符合人的判断：差值的区间不含零。",
    undecided: "看不出差别：差值的区间包含零。",
    undefined: "这里无法判断差别。",
    coefficient: "相关系数",
    mutual: "两指标之间",
    difference: "差值",
    bootstrap: "自助法 p",
    bootstrap_note: "自助法 p：两个指标使用同样的提示词，重抽 1,000 次。Williams 检验把图像视为相互独立；若一个提示词有多张图像，应以自助法为准。",
    williams: "Williams t",
    williams_value: "{{t}}（自由度 {{degrees}}），p {{p}}",
  },
  measures: {
    fleiss_kappa: "Fleiss κ",
    fleiss_kappa_note: "选择超出随机的一致程度：1 为完全一致，0 相当于随机。n 为参与比较的条目、图像、标签或词的数量。",
    icc_1_1: "ICC(1,1)",
    icc_1_1_note: "单向组内相关系数：标注员因条目而异时，单人评分的可靠程度。1 为完全一致，0 相当于随机。n 为图像数。",
    quadratic_kappa: "二次加权 κ",
    quadratic_kappa_note: "在共同评过至少六张图像的两人之间计算，再对各组取均值；差异按整个量表上的平方计。n 为图像数。",
    kendall_w: "Kendall W",
    kendall_w_note: "各条目的均值，已校正并列：1 为所有人排序相同。随机时为 1 / 人数（三人为 0.33），而不是 0。",
  },
  places: {
    marked: "是否作了标记",
    corrected: "标记位置是否相同",
    corrected_note: "两两标注员热力图的相关：0 相当于不同图像之间标记的偶然一致，1 为位置相同。",
    loo_cc: "每人与其他人相比",
    loo_cc_note: "一人的热力图与其他人均值的相关（留一法 CC）：对模型的要求以此为限。",
    sampled: "随机抽取 400 张有标记的图像。",
  },
};
