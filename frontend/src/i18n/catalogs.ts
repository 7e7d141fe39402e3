/** The rooms' catalogs of texts: each is fetched when its page first asks for it, in one language. */

import type actions from "@catalog/en/actions.json";
import type exportCatalog from "@catalog/en/exports.json";
import type metricDescriptions from "@catalog/en/metrics.json";
import type reasons from "@catalog/en/reasons.json";

import type { annotate } from "./en/annotate";
import type { annotators } from "./en/annotators";
import type { app } from "./en/app";
import type { boards } from "./en/boards";
import type { composing } from "./en/composing";
import type { exported } from "./en/exports";
import type { gold } from "./en/gold";
import type { items } from "./en/items";
import type { learning } from "./en/learning";
import type { loop } from "./en/loop";
import type { manage } from "./en/manage";
import type { metrics } from "./en/metrics";
import type { mine } from "./en/mine";
import type { numbers } from "./en/numbers";
import type { questions } from "./en/questions";
import type { regions } from "./en/regions";
import type { review } from "./en/review";
import type { reviewers } from "./en/reviewers";
import type { rewards } from "./en/rewards";
import type { rounds } from "./en/rounds";
import type { signoff } from "./en/signoff";
import type { sources } from "./en/sources";
import type { datasets } from "./en/datasets";
import type { training } from "./en/training";
import type { running } from "./en/running";
import type { webhooks } from "./en/webhooks";

export const LANGUAGES = ["en", "zh-Hans"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name: whoever looks for theirs reads it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", "zh-Hans": "简体中文" };

/** What each room's catalog holds. */
export interface Catalogs {
  app: typeof app;
  questions: typeof questions;
  annotate: typeof annotate;
  annotators: typeof annotators;
  boards: typeof boards;
  composing: typeof composing;
  exports: typeof exported & typeof exportCatalog;
  gold: typeof gold;
  items: typeof items;
  learning: typeof learning;
  loop: typeof loop;
  manage: typeof manage;
  metrics: typeof metrics;
  metricDescriptions: typeof metricDescriptions;
  mine: typeof mine;
  numbers: typeof numbers;
  regions: typeof regions;
  review: typeof review;
  reviewers: typeof reviewers;
  rewards: typeof rewards;
  rounds: typeof rounds;
  signoff: typeof signoff;
  sources: typeof sources;
  datasets: typeof datasets;
  running: typeof running;
  training: typeof training;
  webhooks: typeof webhooks;
  actions: typeof actions;
  reasons: typeof reasons;
}

export type Room = keyof Catalogs;

const FIRST = {
  en: () => import("./en/first"),
  "zh-Hans": () => import("./zh-Hans/first"),
};

/** What every page or the desk says first: it comes as one file, and is found without another. */
export const FIRST_ROOMS = ["app", "annotate", "learning", "questions"] as const;
export type First = (typeof FIRST_ROOMS)[number];

function isFirst(room: Room): room is First {
  return FIRST_ROOMS.some((first) => first === room);
}

/** A room's catalog in a language, over the line. */
export async function fetchCatalog(language: Language, room: Room): Promise<object> {
  if (isFirst(room)) return (await FIRST[language]())[room];
  return (await import("./otherCatalogs")).OTHERS[language][room]();
}
