import { useTranslation } from "@/i18n/useTranslation";

import { KeyHelp } from "@/ui/desk/KeyHelp";

import type { questions } from "@/i18n/en/questions";
import type { regions } from "@/i18n/en/regions";

import type { CommandName } from "./commands";

type KindName = keyof (typeof questions)["commands"];
type DrawingName = keyof (typeof regions)["commands"];

const GROUPS = ["judge", "own", "answer", "place", "look", "desk"] as const;

/** The keys of the review. */
export function ReviewHelp({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation(["review", "questions", "regions"]);
  return (
    <KeyHelp
      title={t("help.title")}
      hold={t("help.hold")}
      labelOf={({ name, value }) => {
        const values = { value: value ?? "", question: "" };
        if (i18n.exists(`commands.${name}`, { ns: "review" })) return t(`commands.${name as CommandName}`);
        return i18n.exists(`commands.${name}`, { ns: "regions" })
          ? t(`regions:commands.${name as DrawingName}`, values)
          : t(`questions:commands.${name as KindName}`, values);
      }}
      groups={GROUPS.map((name) => ({ name, title: t(`help.${name}`) }))}
      onClose={onClose}
    />
  );
}
