import { useTranslation } from "react-i18next";

import { KitProvider } from "@/ui/KitProvider";

/** Everything under /projects/* but the desk and the review. */
export default function ManagePages() {
  const { t } = useTranslation("manage");
  return (
    <KitProvider>
      <h1>{t("title")}</h1>
    </KitProvider>
  );
}

export function SettingsPage() {
  const { t } = useTranslation("manage");
  return (
    <KitProvider>
      <h1>{t("title")}</h1>
    </KitProvider>
  );
}
