import { useTranslation } from "react-i18next";

/** /projects/:id/annotate */
export default function AnnotatePage() {
  const { t } = useTranslation("annotate");
  return <h1>{t("title")}</h1>;
}
