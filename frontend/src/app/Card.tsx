import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import styles from "./Card.module.css";
import { LanguageSwitch } from "./LanguageSwitch";

/** The quiet page around sign-in and invitations. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation("app");
  return (
    <main className={styles.page}>
      <header className={styles.brand}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={36} height={36} />
        <strong>{t("name")}</strong>
        <span>{t("tagline")}</span>
      </header>
      <section className={styles.card}>
        <h1>{title}</h1>
        {children}
      </section>
      <LanguageSwitch />
    </main>
  );
}
