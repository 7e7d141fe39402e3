/**
 * Reasons and remarks that the server words in English, in the reader's language. What is not
 * known here is shown as the server words it: never nothing, never something else.
 */

import { useTranslation } from "react-i18next";

import type { metrics } from "@/i18n/en/metrics";

type Key = keyof (typeof metrics)["said"];

/** The server's sentences; a group is a value that the translation takes up by its name. */
const SENTENCES: readonly (readonly [RegExp, Key])[] = [
  [/^One of the two is the same everywhere: nothing to correlate\.$/, "constant"],
  [/^In no prompt do both people and metric tell images apart\.$/, "nowhere"],
  [/^Fewer than two points\.$/, "two-points"],
  [/^The numbers differ by rounding alone\.$/, "rounding"],
  [/^There are no two images to compare\.$/, "no-pairs"],
  [/^Nothing was judged by two people\.$/, "nobody-twice"],
  [/^Everybody said the same of everything\.$/, "all-same"],
  [/^People's means are all the same\.$/, "same-means"],
  [/^No item is settled yet\.$/, "none-settled"],
  [/^Fewer than three generators with both numbers: (?<n>\d+)\.$/, "few-generators"],
  [/^No image that people judged has a value of (?<metric>.+)\.$/, "no-values"],
  [/^Fewer than (?<least>\d+) settled items with values of (?<metric>\S+): (?<n>\d+)\.$/, "few-items"],
  [/^Nobody has answered this question in a settled item\.$/, "no-answers"],
  [/^Lower is better: its values are negated here\.$/, "negated"],
  [/^No prompt has two judged images: accuracy compares images of different prompts\.$/, "across"],
  [/^Accuracy is of (?<n>\d+) pairs drawn at random\.$/, "drawn-pairs"],
  [/^pairs of images of one prompt$/, "pairs-within"],
  [/^pairs of images of any prompts$/, "pairs-across"],
  [/^items in which more people prefer one image than the other$/, "pairs-decided"],
  [/^People prefer (?<a>\S+) \((?<share>\d+)%\); (?<metric>\S+) prefers (?<b>\S+)\.$/, "prefer"],
  [/^(?<metric>\S+) puts (?<a>\S+) (?<share>\d+)% of all images higher than people do\.$/, "higher"],
  [/^(?<metric>\S+) puts (?<a>\S+) (?<share>\d+)% of all images lower than people do\.$/, "lower"],
  [/^No image has a value\.$/, "no-value"],
  [/^One image has no spread\.$/, "one-image"],
  [/^All images are of one prompt\.$/, "one-prompt"],
  [/^Subsets of (?<n>[\d,]+) images, where (?<usual>[\d,]+) are usual\.$/, "small-subsets"],
  [/^n = (?<n>[\d,]+), where (?<usual>[\d,]+) are usual: few images make the score too low\.$/, "low-score"],
  [/^Two images are needed in each set\.$/, "two-images"],
  [/^(?<least>\d+) images are needed, not (?<n>\d+) against (?<other>\d+)\.$/, "few-images"],
  [/^The reference is a mean and a covariance; this metric compares single images\.$/, "needs-images"],
  [/^No reference set is named\.$/, "no-reference"],
];

export interface Said {
  key: Key;
  values: Record<string, string>;
}

/** Which sentence it is, with what is in it; null for one that is not known. Pure. */
export function recognised(sentence: string): Said | null {
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) return { key, values: { ...found.groups } };
  }
  return null;
}

/** Remarks may be several sentences after each other. Pure. */
export function sentences(text: string): string[] {
  if (text === "" || recognised(text)) return text === "" ? [] : [text];
  return text.split(/(?<=\.) (?=[A-Z])/);
}

export function useServerWords(): (text: string) => string {
  const { t, i18n } = useTranslation("metrics");
  return (text) => {
    if (i18n.language === "en") return text;
    const words = sentences(text).map((sentence): string => {
      const said = recognised(sentence);
      if (!said) return sentence;
      // Asked for as a whole: the compiler wants to know each key's own values.
      const all = t("said", { returnObjects: true, ...said.values });
      return all[said.key];
    });
    return words.join("");
  };
}
