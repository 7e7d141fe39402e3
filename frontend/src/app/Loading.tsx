import { useTranslation } from "@/i18n/useTranslation";

import styles from "./Loading.module.css";

export function Loading() {
  const { t } = useTranslation("app");
  return (
    <p className={styles.loading} role="status">
      {t("loading")}
    </p>
  );
}
