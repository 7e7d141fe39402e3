import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { meQuery, useChangeMe } from "@/api/queries";
import { currentLanguage, isLanguage, LANGUAGE_NAMES, LANGUAGES, speak } from "@/i18n";

import styles from "./LanguageSwitch.module.css";

interface Props {
  /** Lets go of the focus once one is chosen: on a desk the keys are for the item. */
  letsGo?: boolean;
}

/** Speaks the chosen language at once; for a signed-in person the server remembers it. */
export function LanguageSwitch({ letsGo = false }: Props) {
  const { t } = useTranslation("app");
  const signedIn = Boolean(useQuery({ ...meQuery, enabled: false }).data);
  const change = useChangeMe();

  const choose = async (language: string) => {
    if (!isLanguage(language)) return;
    // At once: whoever goes on to another page meanwhile reads that in the chosen language too.
    await Promise.all([speak(language), signedIn && change({ language })]);
  };

  return (
    <select
      className={styles.language}
      aria-label={t("language")}
      value={currentLanguage()}
      onChange={(event) => {
        if (letsGo) event.target.blur();
        void choose(event.target.value);
      }}
    >
      {LANGUAGES.map((language) => (
        <option key={language} value={language} lang={language}>
          {LANGUAGE_NAMES[language]}
        </option>
      ))}
    </select>
  );
}
