import { NumberInput, Select, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ExportFormat, ExportOption } from "@/api/types";

import { fits, type OptionValue, type OptionValues } from "./options";
import { useFormatText } from "./useFormatText";

interface Props {
  format: ExportFormat;
  values: OptionValues;
  onChange: (more: OptionValues) => void;
}

export function OptionFields({ format, values, onChange }: Props) {
  const { t } = useTranslation("manage");
  if (format.options.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("exports.no_options")}
      </Text>
    );
  }
  return format.options.map((option) => (
    <Field
      key={option.name}
      option={option}
      value={values[option.name] ?? option.default}
      onChange={(value) => onChange({ [option.name]: value })}
    />
  ));
}

interface FieldProps {
  option: ExportOption;
  value: OptionValue;
  onChange: (value: OptionValue) => void;
}

function Field({ option, value, onChange }: FieldProps) {
  const { t } = useTranslation("manage");
  const text = useFormatText();
  const label = text.name(option.name);
  const help = text.help(option);
  const wrong = !fits(option, value);
  switch (option.type) {
    case "bool":
      return (
        <Switch
          label={label}
          description={help}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          label={label}
          description={help}
          value={String(value)}
          allowDeselect={false}
          data={(option.choices ?? []).map((value) => ({ value, label: text.choice(value) }))}
          onChange={(chosen) => onChange(chosen ?? option.default)}
        />
      );
    case "number":
      return (
        <NumberInput
          label={label}
          description={help}
          value={typeof value === "number" && Number.isNaN(value) ? "" : (value as number)}
          {...(option.min === undefined ? {} : { min: option.min })}
          {...(option.max === undefined ? {} : { max: option.max })}
          allowDecimal={option.whole !== true}
          step={stepOf(option)}
          clampBehavior="none"
          error={wrong && t("exports.range", { min: option.min ?? "−∞", max: option.max ?? "∞" })}
          onChange={(typed) => onChange(typed === "" ? NaN : Number(typed))}
        />
      );
  }
}

/** One, or a twentieth of a short range such as 0 to 1. */
function stepOf({ min = 0, max = 100, whole }: ExportOption): number {
  return whole === true || max - min > 2 ? 1 : (max - min) / 20;
}
