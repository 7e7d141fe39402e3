import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useMe } from "@/api/queries";
import { Link } from "@/ui/Link";

import styles from "./Frame.module.css";
import { LanguageSwitch } from "./LanguageSwitch";
import { SignOut } from "./SignOut";

/** The bar on top of the pages that are not a desk. */
export function Frame({ children }: { children: ReactNode }) {
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
        <span className={styles.space} />
        {me.can_create_projects && (
          <Link to="/people" className={styles.link}>
            {t("people")}
          </Link>
        )}
        {me.can_create_projects && (
          <Link to="/audit" className={styles.link}>
            {t("audit")}
          </Link>
        )}
        <LanguageSwitch />
        <Link to="/settings" className={styles.link}>
          {me.display_name || me.username}
        </Link>
        <SignOut />
      </header>
      <main id="content" className={styles.content}>
        {children}
      </main>
    </div>
  );
}
