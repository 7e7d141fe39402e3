import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { meQuery, signOut } from "@/api/me";

import styles from "./app.module.css";

export function SignOut() {
  const { t } = useTranslation("app");
  const client = useQueryClient();

  const leave = async () => {
    await signOut();
    client.clear();
    client.setQueryData(meQuery.queryKey, null);
  };

  return (
    <button type="button" className={styles.barLink} onClick={() => void leave()}>
      {t("sign_out")}
    </button>
  );
}
