import { useTranslation } from "react-i18next";

import { KeyHelp } from "@/ui/desk/KeyHelp";

import type { CommandName } from "./commands";

const GROUPS = ["judge", "look", "desk"] as const;

/** The keys of the review. */
export function ReviewHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("review");
  return (
    <KeyHelp
      title={t("help.title")}
      hold={t("help.hold")}
      labelOf={({ name }) => t(`commands.${name as CommandName}`)}
      groups={GROUPS.map((name) => ({ name, title: t(`help.${name}`) }))}
      onClose={onClose}
    />
  );
}
