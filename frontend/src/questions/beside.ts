/** What is shown beside an item's images: the source of an edit, a mask, references. No answers. */

import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

export type Beside = Schemas["ImageBeside"];

/** What each of them is called, in their order; several of one role are numbered. */
export function useBesideNames(beside: readonly Pick<Beside, "role">[]): readonly string[] {
  const { t } = useTranslation("questions");
  const roles = beside.map(({ role }) => role);
  return roles.map((role, place) => {
    const alike = roles.filter((other) => other === role).length;
    const number = roles.slice(0, place + 1).filter((other) => other === role).length;
    return alike > 1 ? t("roles.numbered", { role: t(`roles.${role}`), number }) : t(`roles.${role}`);
  });
}

/** Whether its prompt says how an image was to be edited. */
export function isEdit({ beside }: { readonly beside: readonly Beside[] }): boolean {
  return beside.some(({ role }) => role === "source");
}
