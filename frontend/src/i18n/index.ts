/**
 * Every string that a person reads, by room and language.
 *
 * A room's catalog is fetched when its page first asks for it (`useTranslation("manage")`), and
 * only in the language in use. Keys are typed by the English catalogs.
 */

import i18next, { type BackendModule, type ReadCallback } from "i18next";
import { initReactI18next } from "react-i18next";

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
import type { manage } from "./en/manage";
import type { metrics } from "./en/metrics";
import type { mine } from "./en/mine";
import type { numbers } from "./en/numbers";
import type { questions } from "./en/questions";
import type { review } from "./en/review";
import type { reviewers } from "./en/reviewers";
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

const STORED = "triptych.language";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: {
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
      manage: typeof manage;
      metrics: typeof metrics;
      metricDescriptions: typeof metricDescriptions;
      mine: typeof mine;
      numbers: typeof numbers;
      review: typeof review;
      reviewers: typeof reviewers;
      signoff: typeof signoff;
      sources: typeof sources;
      datasets: typeof datasets;
      running: typeof running;
      training: typeof training;
      webhooks: typeof webhooks;
      actions: typeof actions;
      reasons: typeof reasons;
    };
  }
}

const catalogs: Record<Language, Record<string, () => Promise<object>>> = {
  en: {
    app: async () => (await import("./en/app")).app,
    questions: async () => (await import("./en/questions")).questions,
    annotate: async () => (await import("./en/annotate")).annotate,
    annotators: async () => (await import("./en/annotators")).annotators,
    boards: async () => (await import("./en/boards")).boards,
    composing: async () => (await import("./en/composing")).composing,
    exports: async () => ({
      ...(await import("./en/exports")).exported,
      ...(await import("@catalog/en/exports.json")).default,
    }),
    gold: async () => (await import("./en/gold")).gold,
    items: async () => (await import("./en/items")).items,
    learning: async () => (await import("./en/learning")).learning,
    manage: async () => (await import("./en/manage")).manage,
    metrics: async () => (await import("./en/metrics")).metrics,
    metricDescriptions: async () => (await import("@catalog/en/metrics.json")).default,
    mine: async () => (await import("./en/mine")).mine,
    numbers: async () => (await import("./en/numbers")).numbers,
    review: async () => (await import("./en/review")).review,
    reviewers: async () => (await import("./en/reviewers")).reviewers,
    signoff: async () => (await import("./en/signoff")).signoff,
    sources: async () => (await import("./en/sources")).sources,
    datasets: async () => (await import("./en/datasets")).datasets,
    webhooks: async () => (await import("./en/webhooks")).webhooks,
    running: async () => (await import("./en/running")).running,
    training: async () => (await import("./en/training")).training,
    actions: async () => (await import("@catalog/en/actions.json")).default,
    reasons: async () => (await import("@catalog/en/reasons.json")).default,
  },
  "zh-Hans": {
    app: async () => (await import("./zh-Hans/app")).app,
    questions: async () => (await import("./zh-Hans/questions")).questions,
    annotate: async () => (await import("./zh-Hans/annotate")).annotate,
    annotators: async () => (await import("./zh-Hans/annotators")).annotators,
    boards: async () => (await import("./zh-Hans/boards")).boards,
    composing: async () => (await import("./zh-Hans/composing")).composing,
    exports: async () => ({
      ...(await import("./zh-Hans/exports")).exported,
      ...(await import("@catalog/zh-Hans/exports.json")).default,
    }),
    gold: async () => (await import("./zh-Hans/gold")).gold,
    items: async () => (await import("./zh-Hans/items")).items,
    learning: async () => (await import("./zh-Hans/learning")).learning,
    manage: async () => (await import("./zh-Hans/manage")).manage,
    metrics: async () => (await import("./zh-Hans/metrics")).metrics,
    metricDescriptions: async () => (await import("@catalog/zh-Hans/metrics.json")).default,
    mine: async () => (await import("./zh-Hans/mine")).mine,
    numbers: async () => (await import("./zh-Hans/numbers")).numbers,
    review: async () => (await import("./zh-Hans/review")).review,
    reviewers: async () => (await import("./zh-Hans/reviewers")).reviewers,
    signoff: async () => (await import("./zh-Hans/signoff")).signoff,
    sources: async () => (await import("./zh-Hans/sources")).sources,
    datasets: async () => (await import("./zh-Hans/datasets")).datasets,
    webhooks: async () => (await import("./zh-Hans/webhooks")).webhooks,
    running: async () => (await import("./zh-Hans/running")).running,
    training: async () => (await import("./zh-Hans/training")).training,
    actions: async () => (await import("@catalog/zh-Hans/actions.json")).default,
    reasons: async () => (await import("@catalog/zh-Hans/reasons.json")).default,
  },
};

const backend: BackendModule = {
  type: "backend",
  init: () => undefined,
  read: (language: string, room: string, done: ReadCallback) => {
    const load = isLanguage(language) ? catalogs[language][room] : undefined;
    if (!load) {
      done(new Error(`no catalog ${language}/${room}`), false);
      return;
    }
    load().then(
      (catalog) => done(null, catalog),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
    );
  },
};

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** What a browser's list of languages comes to: the first that we speak, else English. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return "zh-Hans";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

function rememberedLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  return isLanguage(stored) ? stored : chooseLanguage(navigator.languages);
}

export async function startI18n(language: Language = rememberedLanguage()): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      supportedLngs: [...LANGUAGES],
      load: "currentOnly",
      // Reasons are there from the start: they also say that the server is not.
      ns: ["app", "reasons"],
      defaultNS: "app",
      interpolation: { escapeValue: false },
      // A key that no catalog has, or that is no text, is a fault of ours: it is not passed over.
      saveMissing: true,
      missingKeyHandler: (_languages, namespace, key) => {
        reportError(new Error(`no text: ${namespace}:${key}`));
      },
      returnedObjectHandler: (key) => {
        reportError(new Error(`no text but a group of texts: ${key}`));
        return key;
      },
    });
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "en";
}

/** Speaks another language from now on, on this browser. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  if (i18next.language === language) return;
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
