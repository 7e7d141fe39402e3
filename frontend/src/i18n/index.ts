/** Which language the page speaks: the one chosen on this browser, else the browser's. */

import { FIRST_ROOMS, type Language, LANGUAGES } from "./catalogs";
import { change, language as currentLanguage } from "./speaking";
import { bring } from "./texts";

export { type Language, LANGUAGE_NAMES, LANGUAGES } from "./catalogs";
export { currentLanguage };

const STORED = "triptych.language";

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
  await Promise.all(FIRST_ROOMS.map((room) => bring(language, room)));
  await change(language);
}

/** Speaks another language from now on, on this browser. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  if (currentLanguage() !== language) await change(language);
}
