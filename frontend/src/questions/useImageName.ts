import { useTranslation } from "@/i18n/useTranslation";

/** What an image is called by its place: left or right of two, else by its number. */
export function useImageName(count: number): (place: number) => string {
  const { t } = useTranslation("questions");
  return (place) =>
    count === 2
      ? t(place === 0 ? "kinds.image_left" : "kinds.image_right")
      : t("kinds.image", { place: place + 1 });
}
