import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { choicesQuery } from "@/manage/items/queries";

interface Props {
  project: number;
  /** "image:step", "item:category"; "" for none. */
  value: string;
  onChange: (by: string) => void;
  /** Only by what came with images: that parts generators. */
  imagesOnly?: boolean;
}

/** By which of the keys that came with an upload numbers are told apart; nothing where none came. */
export function GroupBy({ project, value, onChange, imagesOnly = false }: Props) {
  const { t } = useTranslation("boards");
  const { data } = useQuery(choicesQuery(project));
  const images = data?.image_meta ?? [];
  const items = imagesOnly ? [] : (data?.item_meta ?? []);
  if (images.length + items.length === 0 && value === "") return null;
  return (
    <Select
      size="xs"
      w={240}
      label={t("by.label")}
      allowDeselect={false}
      searchable={images.length + items.length > 12}
      value={value}
      data={[
        { value: "", label: t("by.none") },
        {
          group: t("by.image"),
          items: images.map((key) => ({ value: `image:${key}`, label: t("by.image_key", { key }) })),
        },
        {
          group: t("by.item"),
          items: items.map((key) => ({ value: `item:${key}`, label: t("by.item_key", { key }) })),
        },
      ].filter((one) => !("items" in one) || one.items.length > 0)}
      onChange={(by) => onChange(by ?? "")}
    />
  );
}
