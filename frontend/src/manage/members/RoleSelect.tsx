import { Select } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

import { ROLES } from "./roles";

interface Props {
  label: string;
  value: Schemas["Role"];
  onChange: (role: Schemas["Role"]) => void;
}

/** One of the three roles, each with what it may do. */
export function RoleSelect({ label, value, onChange }: Props) {
  const { t } = useTranslation("manage");
  return (
    <Select
      label={label}
      value={value}
      w={400}
      allowDeselect={false}
      data={ROLES.map((role) => ({
        value: role,
        label: t("labelled", { name: t(`members.roles.${role}`), value: t(`members.role_help.${role}`) }),
      }))}
      onChange={(role) => onChange(role ?? "annotator")}
    />
  );
}
