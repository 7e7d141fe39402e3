import { useTranslation } from "react-i18next";

import { KeyHelp } from "@/ui/desk/KeyHelp";

import type { questions } from "@/i18n/en/questions";

import type { CommandName } from "./commands";

type KindName = keyof (typeof questions)["commands"];

const GROUPS = ["judge", "own", "answer", "place", "look", "desk"] as const;

/** The keys of the review. */
export function ReviewHelp({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation(["review", "questions"]);
  return (
    <KeyHelp
      title={t("help.title")}
      hold={t("help.hold")}
      labelOf={({ name, value }) =>
        i18n.exists(`commands.${name}`, { ns: "review" })
          ? t(`commands.${name as CommandName}`)
          : t(`questions:commands.${name as KindName}`, { value: value ?? "", question: "" })
      }
      groups={GROUPS.map((name) => ({ name, title: t(`help.${name}`) }))}
      onClose={onClose}
    />
  );
}
