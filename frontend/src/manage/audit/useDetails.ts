import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";

type Details = Readonly<Record<string, unknown>>;

/** What else is known of an action, as short texts: names, numbers, what was changed to what. */
export function useDetails(): (details: unknown) => string[] {
  const { t, i18n } = useTranslation(["running", "actions", "app", "manage"]);
  const reason = useReason();
  const format = useFormat();

  const label = (name: string) =>
    i18n.exists(`details.${name}`, { ns: "actions" })
      ? t(`actions:details.${name}` as "actions:details.name")
      : name;
  const told: Readonly<Record<string, (value: unknown) => string>> = {
    role: (value) => named("roles", value),
    template: (value) => named("templates", value),
    bytes: (value) => (typeof value === "number" ? format.bytes(value) : shown(value)),
  };
  const word = (name: string, value: unknown) =>
    i18n.exists(`values.${name}.${String(value)}`, { ns: "actions" })
      ? t(`actions:values.${name}.${String(value)}` as "actions:values.way.password")
      : shown(value);
  const named = (group: "roles" | "templates", value: unknown) =>
    i18n.exists(`${group}.${String(value)}`, { ns: "app" })
      ? t(`app:${group}.${String(value)}` as "app:roles.manager")
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
          const text = told[name]?.(value) ?? word(name, value);
          return text === "" ? [] : [t("manage:labelled", { name: label(name), value: text })];
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
