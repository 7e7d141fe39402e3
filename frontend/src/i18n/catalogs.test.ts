import exportCatalog from "@catalog/en/exports.json";
import { describe, expect, it } from "vitest";

import { annotate as annotateEn } from "./en/annotate";
import { annotators as annotatorsEn } from "./en/annotators";
import { app as appEn } from "./en/app";
import { boards as boardsEn } from "./en/boards";
import { exported as exportedEn } from "./en/exports";
import { gold as goldEn } from "./en/gold";
import { items as itemsEn } from "./en/items";
import { learning as learningEn } from "./en/learning";
import { manage as manageEn } from "./en/manage";
import { metrics as metricsEn } from "./en/metrics";
import { mine as mineEn } from "./en/mine";
import { numbers as numbersEn } from "./en/numbers";
import { questions as questionsEn } from "./en/questions";
import { regions as regionsEn } from "./en/regions";
import { review as reviewEn } from "./en/review";
import { rewards as rewardsEn } from "./en/rewards";
import { rounds as roundsEn } from "./en/rounds";
import { running as runningEn } from "./en/running";
import { signoff as signoffEn } from "./en/signoff";
import { chooseLanguage } from "./index";
import { annotate } from "./zh-Hans/annotate";
import { annotators } from "./zh-Hans/annotators";
import { app } from "./zh-Hans/app";
import { boards } from "./zh-Hans/boards";
import { exported } from "./zh-Hans/exports";
import { gold } from "./zh-Hans/gold";
import { items } from "./zh-Hans/items";
import { learning } from "./zh-Hans/learning";
import { manage } from "./zh-Hans/manage";
import { metrics } from "./zh-Hans/metrics";
import { mine } from "./zh-Hans/mine";
import { numbers } from "./zh-Hans/numbers";
import { questions } from "./zh-Hans/questions";
import { regions } from "./zh-Hans/regions";
import { review } from "./zh-Hans/review";
import { rewards } from "./zh-Hans/rewards";
import { rounds } from "./zh-Hans/rounds";
import { running } from "./zh-Hans/running";
import { signoff } from "./zh-Hans/signoff";

type Flat = Record<string, string>;

function flat(catalog: object, path = ""): Flat {
  return Object.entries(catalog).reduce<Flat>((all, [key, value]: [string, unknown]) => {
    if (typeof value === "string") return { ...all, [path + key]: value };
    return { ...all, ...flat(value as object, `${path}${key}.`) };
  }, {});
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map((match) => match[1] ?? "").sort();
}

// That the keys are the same is held by the compiler; see same.ts.
describe.each([
  ["app", appEn, app],
  ["questions", questionsEn, questions],
  ["annotate", annotateEn, annotate],
  ["annotators", annotatorsEn, annotators],
  ["boards", boardsEn, boards],
  ["exports", exportedEn, exported],
  ["gold", goldEn, gold],
  ["items", itemsEn, items],
  ["learning", learningEn, learning],
  ["manage", manageEn, manage],
  ["metrics", metricsEn, metrics],
  ["mine", mineEn, mine],
  ["numbers", numbersEn, numbers],
  ["regions", regionsEn, regions],
  ["review", reviewEn, review],
  ["rewards", rewardsEn, rewards],
  ["rounds", roundsEn, rounds],
  ["running", runningEn, running],
  ["signoff", signoffEn, signoff],
])("the Chinese catalog of %s", (_room, english, chinese) => {
  const [from, to] = [flat(english), flat(chinese)];

  it("fills in the same values as the English one", () => {
    const differing = Object.entries(to).filter(
      ([key, text]) => placeholders(text).join() !== placeholders(from[key] ?? "").join(),
    );

    expect(differing).toEqual([]);
  });

  it("leaves nothing empty", () => {
    expect(Object.values(to).filter((text) => text.trim() === "")).toEqual([]);
  });
});

describe("the language of a browser", () => {
  it.each([
    [["zh-CN", "en"], "zh-Hans"],
    [["de", "zh"], "zh-Hans"],
    [["en-GB", "zh-CN"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ])("%j comes to %s", (preferred, language) => {
    expect(chooseLanguage(preferred)).toBe(language);
  });
});

describe("the words of the export page and the catalog that the server shares", () => {
  it("have no key in common: one would hide the other", () => {
    const shared = Object.keys(exportedEn).filter((key) => key in exportCatalog);

    expect(shared).toEqual([]);
  });
});
