import i18next from "i18next";
import { useTranslation } from "react-i18next";

import { useReason } from "@/i18n/reason";

type Details = Readonly<Record<string, unknown>>;

/** What else is known of an action, as short texts: names, numbers, what was changed to what. */
export function useDetails(): (details: unknown) => string[] {
  const { t } = useTranslation(["running", "actions", "app"]);
  const reason = useReason();

  const label = (name: string) =>
    i18next.exists(`actions:details.${name}`)
      ? t(`actions:details.${name}` as "actions:details.name")
      : name;
  const role = (value: unknown) =>
    i18next.exists(`app:roles.${String(value)}`)
      ? t(`app:roles.${String(value)}` as "app:roles.manager")
      : String(value);
  const shown = (value: unknown): string => {
    if (value === null || value === "") return t("audit.nothing");
    if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
    if (Array.isArray(value)) return value.map(shown).join(", ");
    if (isDetails(value)) return entries(value).map(([name, one]) => `${label(name)} ${shown(one)}`).join(", ");
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const changes = (value: Details): string[] =>
    entries(value).map(([name, pair]) => {
      const [from, to] = Array.isArray(pair) ? pair.map(shown) : [];
      return from === undefined || to === undefined
        ? t("audit.changed", { name: label(name) })
        : t("audit.from_to", { name: label(name), from, to });
    });
  return (details) =>
    isDetails(details)
      ? entries(details).flatMap(([name, value]) => {
          if (name === "changes" && isDetails(value)) return changes(value);
          if (name === "code" && typeof value === "string") {
            return [reason({ code: value, params: {}, message: value })];
          }
          const text = name === "role" ? role(value) : shown(value);
          return text === "" ? [] : [`${label(name)}: ${text}`];
        })
      : [];
}

/** Ids, which a reader can do nothing with: the line leads to what they name. */
const IDS = ["annotation", "item"];

/** What says something. */
function entries(details: Details): [string, unknown][] {
  return Object.entries(details).filter(
    ([name, value]) =>
      value !== null && value !== "" && value !== 0 && !IDS.includes(name) && !isIds(name, value),
  );
}

/** Of extra votes at once: the ids of up to a thousand items. */
function isIds(name: string, value: unknown): boolean {
  return name === "items" && Array.isArray(value);
}

function isDetails(value: unknown): value is Details {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
