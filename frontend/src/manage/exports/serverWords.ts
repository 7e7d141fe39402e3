/** The server's reasons about exports, in the reader's language; as they come where unknown. */

import { useTranslation } from "react-i18next";

import type { exported } from "@/i18n/en/exports";

type Key = keyof (typeof exported)["said"];

const SENTENCES: readonly (readonly [RegExp, Key])[] = [
  [/^This project asks no preference and no ranking, so nothing in it compares two images\.$/, "no_comparison"],
  [/^This project asks no preference between two images\.$/, "no_preference"],
  [/^This project asks for no marks on the images\.$/, "no_marks"],
  [/^This project asks nothing that makes a number\.$/, "no_number"],
  [/^This project asks no questions\.$/, "no_questions"],
  [/^RichHF needs questions that this project does not ask: (?<keys>.+)\.$/, "richhf"],
  [/^ImageRewardDB needs what this project does not ask: (?<keys>.+)\.$/, "imagerewarddb"],
  [/^No item is settled yet, so there is nothing to export\. Items with answers that stand: (?<waiting>\d+)/, "none_settled"],
  [/^There is nothing to export yet/, "nothing"],
  [/^Weighing people takes all answers: these rows show what more than half said\.$/, "weighed"],
  [/^it has to be a whole number from (?<min>\S+) to (?<max>\S+)\.$/, "whole_number"],
  [/^it has to be a number from (?<min>\S+) to (?<max>\S+)\.$/, "number"],
];

/** Which sentence it is, with what is in it; null for one that is not known. Pure. */
export function recognised(sentence: string): { key: Key; values: Record<string, string> } | null {
  for (const [pattern, key] of SENTENCES) {
    const found = pattern.exec(sentence);
    if (found) return { key, values: { ...found.groups } };
  }
  return null;
}

export function useExportReasons(): (sentence: string) => string {
  const { t } = useTranslation("exports");
  return (sentence) => {
    const said = recognised(sentence);
    if (!said) return sentence;
    // Asked for as a whole: the compiler wants to know each key's own values.
    return t("said", { returnObjects: true, ...said.values })[said.key];
  };
}
