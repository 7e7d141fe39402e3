import type { sources as en } from "@/i18n/en/sources";
import type { Same } from "@/i18n/same";

export const sources: Same<typeof en> = {
  fetching: "正在获取图片",
  fetching_note: "已获取 {{total}} 张图片中的 {{done}} 张。图片到齐的条目会立即开放。",
  fetched_note: "已获取 {{total}} 张图片中的 {{done}} 张。",
  what: "或者只上传清单：图片位于本站点可以读取的图片源中：",
};
