import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

import { ANYTHING, type Chosen } from "./queries";

// What only ever happens outside of projects.
const OF_SITE = ["account", "password", "second_factor", "sign_in", "sign_out", "token"];

interface Props {
  project: number | null;
  chosen: Chosen;
  people: readonly Schemas["Person"][];
  onChange: (chosen: Chosen) => void;
}

/** By whom, what, and from when to when. */
export function Filters({ project, chosen, people, onChange }: Props) {
  const { t } = useTranslation("running");
  const kinds = useTranslation("actions").i18n.group("kinds", { ns: "actions" });
  const offered = Object.entries(kinds).filter(([kind]) => project === null || !OF_SITE.includes(kind));
  const set = (more: Partial<Chosen>) => onChange({ ...chosen, ...more });
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label={t("audit.person")}
        value={chosen.person ?? ""}
        data={[
          { value: "", label: t("audit.anybody") },
          ...people.map((person) => ({
            value: String(person.id),
            label: person.display_name || person.username,
          })),
        ]}
        onChange={({ currentTarget: { value } }) => set({ person: value === "" ? null : Number(value) })}
      />
      <NativeSelect
        label={t("audit.kind")}
        value={chosen.kind}
        data={[
          { value: "", label: t("audit.anything") },
          ...offered.map(([value, label]) => ({ value, label })),
        ]}
        onChange={(event) => set({ kind: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t("audit.since")}
        value={chosen.since}
        max={chosen.until || undefined}
        onChange={(event) => set({ since: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t("audit.until")}
        value={chosen.until}
        min={chosen.since || undefined}
        onChange={(event) => set({ until: event.currentTarget.value })}
      />
      {chosen !== ANYTHING && (
        <Button variant="default" onClick={() => onChange(ANYTHING)}>
          {t("audit.clear")}
        </Button>
      )}
    </Group>
  );
}
