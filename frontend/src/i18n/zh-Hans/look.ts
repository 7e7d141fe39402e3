import type { Same } from "@/i18n/same";
import type { look as english, lookCommands as englishCommands } from "@/i18n/en/look";

export const look: Same<typeof english> = {
  percent: "{{percent}} %",
  exact: "{{pixels}}:1",
  smoothed: "已平滑",
  pixels: "原始像素",
  left: "左图",
  right: "右图",
  difference_of: "{{one}}与{{other}}的差异",
  luminance_of: "{{one}}与{{other}}的差异（仅亮度）",
  figures: "最大 {{largest}}/255，平均 {{mean}}",
  same: "无，每个像素都相同",
};

export const lookCommands: Same<typeof englishCommands> = {
  zoom_in: "放大",
  zoom_out: "缩小",
  zoom_whole: "完整图像",
  exact: "{{value}}:1 精确像素",
  peek: "查看指针处的像素",
  pan: "移动放大的图像",
  surround: "背景：深、灰、浅",
  swap: "在同一位置切换两图",
  flicker: "在同一位置闪烁对比两图",
  difference: "差异：颜色、亮度、关闭",
  gain: "放大差异：×1、2、4、8",
  link: "图像一起缩放，或各自缩放",
  enlarge: "单张图像占满画面",
  image_before: "上一张图像占满画面",
  image_after: "下一张图像占满画面",
  compare: "将图像 {{value}} 与上次选中的比较",
};
