import { Group, Input, NumberInput } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "@/i18n/useTranslation";

interface Props {
  label: string;
  description: string;
  error: string | false;
  /** "90/5/5" */
  value: string;
  onChange: (value: string) => void;
}

const PARTS = ["split_train", "split_valid", "split_test"] as const;

/** Three percents that make a hundred. */
export function SplitField({ label, description, error, value, onChange }: Props) {
  const { t } = useTranslation("exports");
  const id = useId();
  const percents = value.split("/");
  const change = (place: number, typed: string | number) =>
    onChange(PARTS.map((_, other) => (other === place ? typed : (percents[other] ?? 0))).join("/"));
  return (
    <Input.Wrapper
      role="group"
      label={label}
      labelElement="div"
      labelProps={{ id }}
      aria-labelledby={id}
      description={description}
      error={error}
    >
      <Group gap={6} grow mt={4} wrap="nowrap">
        {PARTS.map((part, place) => (
          <NumberInput
            key={part}
            aria-label={t(part)}
            aria-invalid={error !== false}
            value={percents[place] === "" ? "" : Number(percents[place])}
            min={0}
            max={100}
            step={5}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            onChange={(typed) => change(place, typed)}
          />
        ))}
      </Group>
    </Input.Wrapper>
  );
}
