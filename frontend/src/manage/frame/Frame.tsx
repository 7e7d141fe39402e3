import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useChangeMe, useMe, useSignOut } from "@/api/queries";
import { currentLanguage, isLanguage, LANGUAGE_NAMES, LANGUAGES, speak } from "@/i18n";
import { Link } from "@/ui/Link";

import styles from "./Frame.module.css";

interface Props {
  /** What stands beside the product's name: the project, with its way to others. */
  context?: ReactNode;
  /** The line below the bar. */
  tabs?: ReactNode;
  children: ReactNode;
}

/** The bar on top of every lead's page. */
export function Frame({ context, tabs, children }: Props) {
  const { t } = useTranslation("app");
  const me = useMe();
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t("skip_to_content")}
      </a>
      <header className={styles.bar}>
        <Link className={styles.brand} to="/">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={22} height={22} />
          {t("name")}
        </Link>
        {context}
        <span className={styles.space} />
        {me.can_create_projects && (
          <Link to="/people" className={styles.barLink}>
            {t("people")}
          </Link>
        )}
        {me.can_create_projects && (
          <Link to="/audit" className={styles.barLink}>
            {t("audit")}
          </Link>
        )}
        <LanguageSelect />
        <Link to="/settings" className={styles.barLink}>
          {me.display_name || me.username}
        </Link>
        <SignOut />
      </header>
      {tabs}
      <main id="content" className={styles.content}>
        {children}
      </main>
    </div>
  );
}

function LanguageSelect() {
  const { t } = useTranslation("app");
  const change = useChangeMe();
  const choose = async (language: string) => {
    if (!isLanguage(language)) return;
    await speak(language);
    await change({ language });
  };
  return (
    <NativeSelect
      variant="unstyled"
      size="sm"
      aria-label={t("language")}
      value={currentLanguage()}
      data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      onChange={(event) => void choose(event.currentTarget.value)}
    />
  );
}

function SignOut() {
  const { t } = useTranslation("app");
  const leave = useSignOut();
  return (
    <button type="button" className={styles.barLink} onClick={() => void leave()}>
      {t("sign_out")}
    </button>
  );
}
