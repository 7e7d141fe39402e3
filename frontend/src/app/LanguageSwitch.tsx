import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { meQuery, useChangeMe } from "@/api/queries";
import { currentLanguage, isLanguage, LANGUAGE_NAMES, LANGUAGES, speak } from "@/i18n";

import styles from "./LanguageSwitch.module.css";

/** Speaks the chosen language at once; for a signed-in person the server remembers it. */
export function LanguageSwitch() {
  const { t } = useTranslation("app");
  const signedIn = Boolean(useQuery({ ...meQuery, enabled: false }).data);
  const change = useChangeMe();

  const choose = async (language: string) => {
    if (!isLanguage(language)) return;
    await speak(language);
    if (signedIn) await change({ language });
  };

  return (
    <select
      className={styles.language}
      aria-label={t("language")}
      value={currentLanguage()}
      onChange={(event) => void choose(event.target.value)}
    >
      {LANGUAGES.map((language) => (
        <option key={language} value={language} lang={language}>
          {LANGUAGE_NAMES[language]}
        </option>
      ))}
    </select>
  );
}
