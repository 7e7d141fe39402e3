import { Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import type { Reason } from "@/i18n/reason";

import { OptionField } from "./OptionField";
import { changed, defaults, fits, laidOut, type OptionValues } from "./options";

type Option = Schemas["ExportOption"];

interface Props {
  project: number;
  format: Schemas["ExportFormat"];
  values: OptionValues;
  /** The server's reasons against values, by option. */
  refused: Readonly<Record<string, Reason>>;
  onChange: (more: OptionValues) => void;
}

/** The options that are set often; the others folded away until asked for, or wrong. */
export function OptionFields({ project, format, values, refused, onChange }: Props) {
  const { t } = useTranslation("exports");
  const [open, { toggle }] = useDisclosure(false);
  const { usual, rare } = laidOut(format, values);
  const differing = changed(format, values);
  const isWrong = (option: Option) =>
    option.name in refused || !fits(option, values[option.name] ?? "");
  const shown = open || rare.some(isWrong);
  const field = (option: Option) => (
    <OptionField
      key={option.name}
      project={project}
      format={format.name}
      option={option}
      value={values[option.name] ?? defaults(format)[option.name] ?? ""}
      refused={refused[option.name] ?? null}
      onChange={(value) => onChange({ [option.name]: value })}
    />
  );
  if (format.options.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("no_options")}
      </Text>
    );
  }
  const hidden = rare.filter(({ name }) => name in differing).length;
  return (
    <Stack gap="sm">
      {usual.map(field)}
      <Group gap="xs">
        {rare.length > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={shown}
            leftSection={<span aria-hidden="true">{shown ? "▾" : "▸"}</span>}
            onClick={toggle}
          >
            {t("more_options")}
            {!shown && hidden > 0 && ` · ${t("changed", { count: hidden })}`}
          </Button>
        )}
        {Object.keys(differing).length > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(defaults(format))}>
            {t("to_defaults")}
          </Button>
        )}
      </Group>
      <Collapse expanded={shown}>
        <Stack gap="sm">{rare.map(field)}</Stack>
      </Collapse>
    </Stack>
  );
}
