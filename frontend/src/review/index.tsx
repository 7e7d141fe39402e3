import { useTranslation } from "react-i18next";

import { KitProvider } from "@/ui/KitProvider";

/** /projects/:id/review */
export default function ReviewPage() {
  const { t } = useTranslation("review");
  return (
    <KitProvider>
      <h1>{t("title")}</h1>
    </KitProvider>
  );
}
